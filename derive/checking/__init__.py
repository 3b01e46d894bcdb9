"""The parts of judging a document: scopes, context from prose, chains, examples, results."""
