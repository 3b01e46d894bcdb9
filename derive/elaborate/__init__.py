"""From surface trees to typed terms: what a formula means under the declarations in force."""
