(* Sums over 1..n, Kronecker's delta, and rules for derivatives of one real variable.

   Everything that an exported claim needs beyond Coq's reals and Coquelicot; proved here,
   without axioms of its own. *)

From Coq Require Import Reals Lra Lia Psatz Arith ZArith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.

Open Scope R_scope.

(* ---- Definitions that statements use ---------------------------------------------------- *)

(* f 1 + ... + f n; 0 for n = 0. *)
Fixpoint sumR (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => sumR m f + f n
  end.

(* 1 where the two indices are equal, else 0. *)
Definition delta (i j : nat) : R := if Nat.eq_dec i j then 1 else 0.

(* 1 where the number is positive, else 0. *)
Definition positive_indicator (x : R) : R := if Rlt_dec 0 x then 1 else 0.

Definition relu (x : R) : R := Rmax 0 x.
Definition sigmoid (x : R) : R := / (1 + exp (- x)).
Definition softplus (x : R) : R := ln (1 + exp x).
Definition sign_of (x : R) : R := positive_indicator x - positive_indicator (- x).
Definition floor (x : R) : R := IZR (Int_part x).

(* The vector, the matrix, ... with one component replaced. *)
Definition update (x : nat -> R) (i : nat) (t : R) : nat -> R :=
  fun k => if Nat.eq_dec k i then t else x k.
Definition update2 (x : nat -> nat -> R) (i j : nat) (t : R) : nat -> nat -> R :=
  fun k => if Nat.eq_dec k i then update (x k) j t else x k.
Definition update3 (x : nat -> nat -> nat -> R) (i j l : nat) (t : R) : nat -> nat -> nat -> R :=
  fun k => if Nat.eq_dec k i then update2 (x k) j l t else x k.

(* ---- Sums ------------------------------------------------------------------------------- *)

Lemma sumR_ext : forall n f g,
  (forall k, (1 <= k <= n)%nat -> f k = g k) -> sumR n f = sumR n g.
Proof.
  induction n as [|n IH]; intros f g H; simpl; [reflexivity|].
  rewrite (IH f g) by (intros; apply H; lia). rewrite H by lia. reflexivity.
Qed.

Lemma sumR_zero : forall n, sumR n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; [reflexivity|]. rewrite IH. ring. Qed.

Lemma sumR_one : forall n, sumR n (fun _ => 1) = INR n.
Proof. induction n as [|n IH]; [reflexivity|]. rewrite S_INR. simpl. rewrite IH. ring. Qed.

Lemma sumR_plus : forall n f g u v,
  sumR n f = u -> sumR n g = v -> sumR n (fun k => f k + g k) = u + v.
Proof.
  induction n as [|n IH]; intros f g u v <- <-; simpl; [ring|].
  rewrite (IH f g _ _ eq_refl eq_refl). ring.
Qed.

Lemma sumR_scale : forall n c f u,
  sumR n f = u -> sumR n (fun k => c * f k) = c * u.
Proof.
  induction n as [|n IH]; intros c f u <-; simpl; [ring|].
  rewrite (IH c f _ eq_refl). ring.
Qed.

Lemma sumR_only : forall n f j, (1 <= j <= n)%nat ->
  (forall k, (1 <= k <= n)%nat -> k <> j -> f k = 0) -> sumR n f = f j.
Proof.
  induction n as [|n IH]; intros f j Hj H; [lia|]. simpl.
  destruct (Nat.eq_dec j (S n)) as [->|N].
  - replace (sumR n f) with 0; [ring|].
    rewrite (sumR_ext n f (fun _ => 0)) by (intros; apply H; lia). now rewrite sumR_zero.
  - rewrite (IH f j) by (try lia; intros; apply H; lia). rewrite (H (S n)) by lia. ring.
Qed.

Lemma delta_same : forall i, delta i i = 1.
Proof. intros i. unfold delta. destruct (Nat.eq_dec i i); [reflexivity|congruence]. Qed.

Lemma delta_other : forall i j, i <> j -> delta i j = 0.
Proof. intros i j H. unfold delta. destruct (Nat.eq_dec i j); [congruence|reflexivity]. Qed.

Lemma delta_sym : forall i j, delta i j = delta j i.
Proof.
  intros i j. unfold delta. destruct (Nat.eq_dec i j), (Nat.eq_dec j i); congruence.
Qed.

Lemma sumR_delta : forall n j f, (1 <= j <= n)%nat ->
  sumR n (fun k => delta k j * f k) = f j.
Proof.
  intros n j f Hj. rewrite (sumR_only n _ j Hj).
  - rewrite delta_same. ring.
  - intros k _ N. rewrite (delta_other k j N). ring.
Qed.

Lemma sumR_pos : forall n f, (1 <= n)%nat ->
  (forall k, (1 <= k <= n)%nat -> 0 < f k) -> 0 < sumR n f.
Proof.
  induction n as [|n IH]; intros f Hn H; [lia|]. simpl.
  destruct n as [|m]; [simpl; rewrite Rplus_0_l; apply H; lia|].
  apply Rplus_lt_0_compat; [apply IH; [lia|intros; apply H; lia] | apply H; lia].
Qed.

Lemma sumR_nonneg : forall n f,
  (forall k, (1 <= k <= n)%nat -> 0 <= f k) -> 0 <= sumR n f.
Proof.
  induction n as [|n IH]; intros f H; simpl; [lra|].
  apply Rplus_le_le_0_compat; [apply IH; intros; apply H; lia | apply H; lia].
Qed.

Lemma sumR_exchange : forall m n (f : nat -> nat -> R),
  sumR m (fun i => sumR n (fun j => f i j)) = sumR n (fun j => sumR m (fun i => f i j)).
Proof.
  induction m as [|m IH]; intros n f; simpl.
  - now rewrite sumR_zero.
  - rewrite IH. symmetry. apply sumR_plus; reflexivity.
Qed.

Lemma sumR_exchange_scaled : forall m n (r : nat -> R) (f : nat -> nat -> R),
  sumR m (fun i => r i * sumR n (fun j => f i j)) =
  sumR n (fun j => sumR m (fun i => r i * f i j)).
Proof.
  intros m n r f. rewrite <- sumR_exchange. apply sumR_ext. intros i _.
  symmetry. now apply sumR_scale.
Qed.

Lemma one_hot_sum : forall n y c, (1 <= c <= n)%nat ->
  (forall k, (1 <= k <= n)%nat -> y k = delta k c) -> sumR n (fun k => y k) = 1.
Proof.
  intros n y c Hc H. rewrite (sumR_only n _ c Hc).
  - now rewrite (H c Hc), delta_same.
  - intros k Hk N. now rewrite (H k Hk), delta_other.
Qed.

Lemma INR_pos : forall n, (1 <= n)%nat -> 0 < INR n.
Proof. intros n H. apply lt_0_INR. lia. Qed.

(* ---- Exponentials and logarithms --------------------------------------------------------- *)

Lemma exp_add : forall a b u v, exp a = u -> exp b = v -> exp (a + b) = u * v.
Proof. intros a b u v <- <-. apply exp_plus. Qed.

Lemma exp_multiple : forall (p : positive) a, exp (IZR (Zpos p) * a) = exp a ^ Pos.to_nat p.
Proof.
  intros p a. rewrite <- positive_nat_Z, <- INR_IZR_INZ.
  induction (Pos.to_nat p) as [|n IH].
  - simpl. rewrite Rmult_0_l. apply exp_0.
  - rewrite S_INR, Rmult_plus_distr_r, exp_plus, IH, Rmult_1_l. simpl. ring.
Qed.

Lemma exp_minus_multiple : forall (p : positive) a,
  exp (IZR (Zneg p) * a) = / (exp a ^ Pos.to_nat p).
Proof.
  intros p a. rewrite <- exp_multiple, <- exp_Ropp. f_equal.
  change (Zneg p) with (- Zpos p)%Z. rewrite opp_IZR. ring.
Qed.

Lemma ln_product : forall a b u v, 0 < a -> 0 < b -> ln a = u -> ln b = v -> ln (a * b) = u + v.
Proof. intros a b u v Ha Hb <- <-. now apply ln_mult. Qed.

Lemma ln_multiple : forall (p : positive) a u, 0 < a -> ln a = u ->
  ln (a ^ Pos.to_nat p) = IZR (Zpos p) * u.
Proof.
  intros p a u Ha <-. rewrite <- positive_nat_Z, <- INR_IZR_INZ.
  induction (Pos.to_nat p) as [|n IH].
  - simpl. rewrite ln_1. ring.
  - rewrite S_INR. simpl. rewrite ln_mult, IH by (try apply pow_lt; assumption). ring.
Qed.

Lemma ln_inverse : forall a u, 0 < a -> ln a = u -> ln (/ a) = - u.
Proof. intros a u Ha <-. now apply ln_Rinv. Qed.

Lemma sqrt_as_exp : forall a, 0 < a -> sqrt a = exp (/ 2 * ln a).
Proof. intros a Ha. rewrite <- (Rpower_sqrt a Ha). reflexivity. Qed.

(* ---- Kinks -------------------------------------------------------------------------------- *)

Lemma positive_indicator_true : forall x, 0 < x -> positive_indicator x = 1.
Proof. intros x H. unfold positive_indicator. destruct (Rlt_dec 0 x); lra. Qed.

Lemma positive_indicator_false : forall x, x <= 0 -> positive_indicator x = 0.
Proof. intros x H. unfold positive_indicator. destruct (Rlt_dec 0 x); lra. Qed.

Lemma positive_indicator_scale : forall c x, 0 < c ->
  positive_indicator (c * x) = positive_indicator x.
Proof.
  intros c x Hc. unfold positive_indicator. destruct (Rlt_dec 0 x) as [H|H].
  - destruct (Rlt_dec 0 (c * x)) as [|N]; [reflexivity|].
    exfalso. apply N. now apply Rmult_lt_0_compat.
  - destruct (Rlt_dec 0 (c * x)) as [P|]; [|reflexivity]. exfalso. apply H.
    replace x with (/ c * (c * x)) by (field; lra).
    apply Rmult_lt_0_compat; [now apply Rinv_0_lt_compat | assumption].
Qed.

Lemma relu_by_indicator : forall x, relu x = x * positive_indicator x.
Proof.
  intros x. unfold relu, positive_indicator, Rmax.
  destruct (Rle_dec 0 x), (Rlt_dec 0 x); lra.
Qed.

Lemma Rabs_by_indicator : forall x,
  Rabs x = x * (positive_indicator x - positive_indicator (- x)).
Proof.
  intros x. unfold Rabs, positive_indicator.
  destruct (Rcase_abs x), (Rlt_dec 0 x), (Rlt_dec 0 (- x)); lra.
Qed.

Lemma Rmax_by_relu : forall x y, Rmax x y = y + relu (x - y).
Proof.
  intros x y. unfold relu, Rmax. destruct (Rle_dec x y), (Rle_dec 0 (x - y)); lra.
Qed.

Lemma Rmin_by_relu : forall x y, Rmin x y = x - relu (x - y).
Proof.
  intros x y. unfold relu, Rmin, Rmax. destruct (Rle_dec x y), (Rle_dec 0 (x - y)); lra.
Qed.

Lemma floor_value : forall x (z : Z), IZR z <= x < IZR z + 1 -> floor x = IZR z.
Proof.
  intros x z [H1 H2]. unfold floor. f_equal. destruct (base_Int_part x) as [B1 B2].
  assert (IZR (Int_part x) < IZR (z + 1)) as U by (rewrite plus_IZR; lra).
  assert (IZR z < IZR (Int_part x + 1)) as V by (rewrite plus_IZR; lra).
  apply lt_IZR in U, V. lia.
Qed.

(* ---- Derivatives --------------------------------------------------------------------------- *)

Lemma update_same : forall x i, update x i (x i) = x.
Proof.
  intros x i. apply functional_extensionality. intros k. unfold update.
  destruct (Nat.eq_dec k i); congruence.
Qed.

Lemma update2_same : forall x i j, update2 x i j (x i j) = x.
Proof.
  intros x i j. apply functional_extensionality. intros k. unfold update2.
  destruct (Nat.eq_dec k i) as [->|]; [apply update_same | reflexivity].
Qed.

Lemma update3_same : forall x i j l, update3 x i j l (x i j l) = x.
Proof.
  intros x i j l. apply functional_extensionality. intros k. unfold update3.
  destruct (Nat.eq_dec k i) as [->|]; [apply update2_same | reflexivity].
Qed.

Lemma update_other : forall x i t k, k <> i -> update x i t k = x k.
Proof. intros x i t k N. unfold update. destruct (Nat.eq_dec k i); congruence. Qed.

Lemma update2_other : forall x i j t k, k <> i -> update2 x i j t k = x k.
Proof. intros x i j t k N. unfold update2. destruct (Nat.eq_dec k i); congruence. Qed.

Lemma update2_other_column : forall x i j t k l, l <> j -> update2 x i j t k l = x k l.
Proof.
  intros x i j t k l N. unfold update2. destruct (Nat.eq_dec k i) as [->|]; [|reflexivity].
  now apply update_other.
Qed.

Lemma is_derive_value : forall (f : R -> R) (a u v : R), is_derive f a u -> u = v -> is_derive f a v.
Proof. intros f a u v H <-. exact H. Qed.

Lemma D_const : forall c a : R, is_derive (fun _ : R => c) a 0.
Proof. intros. apply (is_derive_const (K := R_AbsRing) (V := R_NormedModule)). Qed.

Lemma D_id : forall a : R, is_derive (fun t : R => t) a 1.
Proof. intros. apply (is_derive_id (K := R_AbsRing)). Qed.

Lemma D_update : forall x i a k, is_derive (fun t : R => update x i t k) a (delta k i).
Proof.
  intros. unfold update, delta. destruct (Nat.eq_dec k i); [apply D_id | apply D_const].
Qed.

Lemma D_update2 : forall x i j a k l,
  is_derive (fun t : R => update2 x i j t k l) a (delta k i * delta l j).
Proof.
  intros. unfold update2, delta at 1. destruct (Nat.eq_dec k i).
  - rewrite Rmult_1_l. apply D_update.
  - rewrite Rmult_0_l. apply D_const.
Qed.

Lemma D_update3 : forall x i j q a k l r,
  is_derive (fun t : R => update3 x i j q t k l r) a (delta k i * (delta l j * delta r q)).
Proof.
  intros. unfold update3, delta at 1. destruct (Nat.eq_dec k i).
  - rewrite Rmult_1_l. apply D_update2.
  - rewrite Rmult_0_l. apply D_const.
Qed.

Lemma D_plus : forall (f g : R -> R) (a u v : R), is_derive f a u -> is_derive g a v ->
  is_derive (fun t => f t + g t) a (u + v).
Proof. intros. now apply (is_derive_plus (K := R_AbsRing) (V := R_NormedModule)). Qed.

Lemma D_mult : forall (f g : R -> R) (a u v : R), is_derive f a u -> is_derive g a v ->
  is_derive (fun t => f t * g t) a (u * g a + f a * v).
Proof.
  intros. apply (is_derive_mult f g a u v); auto. intros; apply Rmult_comm.
Qed.

Lemma D_comp : forall (h f : R -> R) (a u v : R), is_derive f a u -> is_derive h (f a) v ->
  is_derive (fun t => h (f t)) a (v * u).
Proof.
  intros h f a u v Hf Hh. replace (v * u) with (scal u v) by (unfold scal; simpl; unfold mult; simpl; ring).
  now apply (is_derive_comp (K := R_AbsRing) (V := R_NormedModule)).
Qed.

Lemma D_opp : forall (f : R -> R) (a u : R), is_derive f a u -> is_derive (fun t => - f t) a (- u).
Proof. intros. now apply (is_derive_opp (K := R_AbsRing) (V := R_NormedModule)). Qed.

Lemma D_inv : forall (f : R -> R) (a u : R), is_derive f a u -> f a <> 0 ->
  is_derive (fun t => / f t) a (- / (f a) ^ 2 * u).
Proof.
  intros f a u H N. eapply is_derive_value; [now apply is_derive_inv; [exact H|]|].
  field. assumption.
Qed.

Lemma D_pow : forall (f : R -> R) (a u : R) n, is_derive f a u ->
  is_derive (fun t => f t ^ n) a (IZR (Z.of_nat n) * f a ^ pred n * u).
Proof.
  intros f a u n H. eapply is_derive_value; [apply (is_derive_pow f n a u H)|].
  rewrite <- INR_IZR_INZ. ring.
Qed.

Lemma D_exp : forall (f : R -> R) (a u : R), is_derive f a u ->
  is_derive (fun t => exp (f t)) a (exp (f a) * u).
Proof. intros f a u H. apply (D_comp exp); [exact H | apply is_derive_exp]. Qed.

Lemma D_ln : forall (f : R -> R) (a u : R), is_derive f a u -> 0 < f a ->
  is_derive (fun t => ln (f t)) a (/ f a * u).
Proof. intros f a u H P. apply (D_comp ln); [exact H | now apply is_derive_ln]. Qed.

Lemma D_sin : forall (f : R -> R) (a u : R), is_derive f a u ->
  is_derive (fun t => sin (f t)) a (cos (f a) * u).
Proof. intros f a u H. apply (D_comp sin); [exact H | apply is_derive_sin]. Qed.

Lemma D_cos : forall (f : R -> R) (a u : R), is_derive f a u ->
  is_derive (fun t => cos (f t)) a (- sin (f a) * u).
Proof. intros f a u H. apply (D_comp cos); [exact H | apply is_derive_cos]. Qed.

Lemma D_atan : forall (f : R -> R) (a u : R), is_derive f a u ->
  is_derive (fun t => atan (f t)) a (/ (1 + f a ^ 2) * u).
Proof.
  intros f a u H. apply (D_comp atan); [exact H |].
  eapply is_derive_value; [apply is_derive_atan|]. unfold Rsqr. f_equal. ring.
Qed.

Lemma D_sqrt : forall (f : R -> R) (a u : R), is_derive f a u -> 0 < f a ->
  is_derive (fun t => sqrt (f t)) a (/ (2 * sqrt (f a)) * u).
Proof.
  intros f a u H P. eapply is_derive_value; [apply (is_derive_sqrt f a u H P)|].
  field. apply Rgt_not_eq. now apply sqrt_lt_R0.
Qed.

Lemma D_near : forall (f g : R -> R) (a u : R), is_derive f a u -> locally a (fun t => f t = g t) ->
  is_derive g a u.
Proof. intros f g a u H L. exact (is_derive_ext_loc f g a u L H). Qed.

Lemma locally_positive : forall a : R, 0 < a -> locally a (fun t => 0 < t).
Proof. intros a H. apply (open_gt 0 a H). Qed.

Lemma locally_negative : forall a : R, a < 0 -> locally a (fun t => t < 0).
Proof. intros a H. apply (open_lt 0 a H). Qed.

Lemma D_relu_at : forall a, a <> 0 -> is_derive relu a (positive_indicator a).
Proof.
  intros a N. destruct (Rlt_dec 0 a) as [P|Q].
  - rewrite positive_indicator_true by assumption.
    apply (D_near (fun t => t)); [apply D_id|].
    apply (filter_imp (fun t => 0 < t)); [|now apply locally_positive].
    intros t Ht. unfold relu, Rmax. destruct (Rle_dec 0 t); lra.
  - rewrite positive_indicator_false by lra.
    apply (D_near (fun _ => 0)); [apply D_const|].
    apply (filter_imp (fun t => t < 0)); [|apply locally_negative; lra].
    intros t Ht. unfold relu, Rmax. destruct (Rle_dec 0 t); lra.
Qed.

Lemma D_kink : forall (h f : R -> R) (a u v : R), is_derive f a u ->
  (f a <> 0 -> is_derive h (f a) v) -> (f a <> 0 \/ forall t, f t = f a) ->
  is_derive (fun t => h (f t)) a (v * u).
Proof.
  intros h f a u v Hf Hh [N|C]; [apply D_comp; auto|].
  assert (is_derive f a 0) as H0.
  { apply (D_near (fun _ => f a)); [apply D_const|]. apply filter_forall. intros t. symmetry. apply C. }
  assert (u = 0) as -> by (rewrite <- (is_derive_unique _ _ _ Hf); now apply is_derive_unique).
  rewrite Rmult_0_r. apply (D_near (fun _ => h (f a))); [apply D_const|].
  apply filter_forall. intros t. now rewrite (C t).
Qed.

Lemma D_relu : forall (f : R -> R) (a u : R), is_derive f a u ->
  (f a <> 0 \/ forall t, f t = f a) ->
  is_derive (fun t => relu (f t)) a (positive_indicator (f a) * u).
Proof. intros f a u H N. apply (D_kink relu); auto. apply D_relu_at. Qed.

Lemma D_positive_indicator_at : forall a, a <> 0 -> is_derive positive_indicator a 0.
Proof.
  intros a N. apply (D_near (fun _ => positive_indicator a)); [apply D_const|].
  destruct (Rlt_dec 0 a) as [P|Q].
  - apply (filter_imp (fun t => 0 < t)); [|now apply locally_positive].
    intros t Ht. now rewrite (positive_indicator_true t), (positive_indicator_true a).
  - apply (filter_imp (fun t => t < 0)); [|apply locally_negative; lra].
    intros t Ht. now rewrite (positive_indicator_false t), (positive_indicator_false a) by lra.
Qed.

Lemma D_positive_indicator : forall (f : R -> R) (a u : R), is_derive f a u ->
  (f a <> 0 \/ forall t, f t = f a) ->
  is_derive (fun t => positive_indicator (f t)) a (0 * u).
Proof. intros f a u H N. apply (D_kink positive_indicator); auto. apply D_positive_indicator_at. Qed.

Lemma D_Rabs : forall (f : R -> R) (a u : R), is_derive f a u ->
  (f a <> 0 \/ forall t, f t = f a) ->
  is_derive (fun t => Rabs (f t)) a ((positive_indicator (f a) - positive_indicator (- f a)) * u).
Proof.
  intros f a u H C. apply (D_kink Rabs); auto. intros N.
  eapply is_derive_value; [apply is_derive_Rabs; [apply D_id | exact N]|].
  unfold positive_indicator.
  destruct (Rlt_dec 0 (f a)), (Rlt_dec 0 (- f a)); try lra.
  - rewrite sign_eq_1 by assumption. lra.
  - rewrite sign_eq_m1 by lra. lra.
Qed.

Lemma D_sumR : forall n (f : nat -> R -> R) a (u : nat -> R),
  (forall k, (1 <= k <= n)%nat -> is_derive (f k) a (u k)) ->
  is_derive (fun t => sumR n (fun k => f k t)) a (sumR n u).
Proof.
  induction n as [|n IH]; intros f a u H; simpl; [apply D_const|].
  apply (D_plus (fun t => sumR n (fun k => f k t))); [apply IH; intros; apply H; lia | apply H; lia].
Qed.

(* ---- Relations ------------------------------------------------------------------------------ *)

Lemma fact_gt : forall c l r u, 0 < c -> l - r = c * u -> l > r -> 0 < u.
Proof. intros c l r u Hc E H. apply (Rmult_lt_reg_l c); [assumption|]. lra. Qed.

Lemma fact_lt : forall c l r u, 0 < c -> l - r = c * u -> l < r -> u < 0.
Proof. intros c l r u Hc E H. apply (Rmult_lt_reg_l c); [assumption|]. lra. Qed.

Lemma fact_ge : forall c l r u, 0 < c -> l - r = c * u -> l >= r -> 0 <= u.
Proof. intros c l r u Hc E H. apply (Rmult_le_reg_l c); [assumption|]. lra. Qed.

Lemma fact_le : forall c l r u, 0 < c -> l - r = c * u -> l <= r -> u <= 0.
Proof. intros c l r u Hc E H. apply (Rmult_le_reg_l c); [assumption|]. lra. Qed.

Lemma fact_ne : forall c l r u, 0 < c -> l - r = c * u -> l <> r -> u <> 0.
Proof. intros c l r u Hc E H ->. apply H. lra. Qed.

Lemma ln_positive : forall x, 1 < x -> 0 < ln x.
Proof. intros x H. rewrite <- ln_1. apply ln_increasing; lra. Qed.

Lemma one_below_left : forall x, 0 < x -> 1 < 1 + x.
Proof. intros. lra. Qed.

Lemma one_below_right : forall x, 0 < x -> 1 < x + 1.
Proof. intros. lra. Qed.

Lemma positive_nonzero : forall x, 0 < x -> x <> 0.
Proof. intros. lra. Qed.

Lemma show_gt : forall l r u, l - r = u -> 0 < u -> l > r.
Proof. intros. lra. Qed.

Lemma show_ge : forall l r u, l - r = u -> 0 <= u -> l >= r.
Proof. intros. lra. Qed.

Lemma show_lt : forall l r u, r - l = u -> 0 < u -> l < r.
Proof. intros. lra. Qed.

Lemma show_le : forall l r u, r - l = u -> 0 <= u -> l <= r.
Proof. intros. lra. Qed.

Lemma show_ne : forall l r u, l - r = u -> u <> 0 -> l <> r.
Proof. intros l r u E N ->. apply N. lra. Qed.

(* ---- Relations between integers, seen as real numbers -------------------------------------- *)

Lemma integer_eq : forall l r q z, 0 < q -> (l - r) * q = IZR z -> (l = r <-> z = 0%Z).
Proof.
  intros l r q z Hq E. split; intros H.
  - apply eq_IZR. rewrite <- E, H. ring.
  - rewrite H in E. apply Rmult_integral in E. destruct E; lra.
Qed.

Lemma integer_ne : forall l r q z, 0 < q -> (l - r) * q = IZR z -> (l <> r <-> z <> 0%Z).
Proof. intros l r q z Hq E. rewrite (integer_eq l r q z Hq E). reflexivity. Qed.

Lemma integer_lt : forall l r q z, 0 < q -> (l - r) * q = IZR z -> (l < r <-> (z < 0)%Z).
Proof.
  intros l r q z Hq E. split; intros H.
  - apply lt_IZR. rewrite <- E. nra.
  - apply IZR_lt in H. rewrite <- E in H. nra.
Qed.

Lemma integer_ge : forall l r q z, 0 < q -> (l - r) * q = IZR z -> (l >= r <-> (z >= 0)%Z).
Proof.
  intros l r q z Hq E. assert (L := integer_lt l r q z Hq E). split; intros H.
  - apply Z.le_ge, Z.nlt_ge. intros N. apply L in N. lra.
  - apply Rnot_lt_ge. intros N. apply L in N. lia.
Qed.

Lemma integer_gt : forall l r q z, 0 < q -> (l - r) * q = IZR z -> (l > r <-> (z > 0)%Z).
Proof.
  intros l r q z Hq E.
  assert ((r - l) * q = IZR (- z)) as E' by (rewrite opp_IZR, <- E; ring).
  assert (L := integer_lt r l q (- z) Hq E'). split; intros H.
  - apply L in H. lia.
  - apply L. lia.
Qed.

Lemma integer_le : forall l r q z, 0 < q -> (l - r) * q = IZR z -> (l <= r <-> (z <= 0)%Z).
Proof.
  intros l r q z Hq E. assert (L := integer_gt l r q z Hq E). split; intros H.
  - apply Z.nlt_ge. intros N. apply Z.lt_gt, L in N. lra.
  - apply Rnot_lt_le. intros N. apply L in N. lia.
Qed.

Lemma floor_eq : forall l r u (c k z : Z), (0 < k)%Z -> u * IZR k = IZR z ->
  l - r = floor u - IZR c -> (l = r <-> (c * k <= z < (c + 1) * k)%Z).
Proof.
  intros l r u c k z Hk E D. assert (0 < IZR k) as Pk by (now apply IZR_lt). split; intros H.
  - assert (floor u = IZR c) as F by lra. unfold floor in F. apply eq_IZR in F.
    destruct (base_Int_part u) as [B1 B2]. rewrite F in B1, B2. split.
    + apply le_IZR. rewrite mult_IZR, <- E. nra.
    + apply lt_IZR. rewrite mult_IZR, plus_IZR, <- E. nra.
  - destruct H as [H1 H2]. apply IZR_le in H1. apply IZR_lt in H2.
    rewrite mult_IZR, <- E in H1. rewrite mult_IZR, plus_IZR, <- E in H2.
    rewrite (floor_value u c) in D; [lra|]. split; nra.
Qed.

Lemma floor_ne : forall l r u (c k z : Z), (0 < k)%Z -> u * IZR k = IZR z ->
  l - r = floor u - IZR c -> (l <> r <-> ~ (c * k <= z < (c + 1) * k)%Z).
Proof. intros l r u c k z Hk E D. rewrite (floor_eq l r u c k z Hk E D). reflexivity. Qed.

Ltac push_IZR := rewrite ?plus_IZR, ?minus_IZR, ?mult_IZR, ?opp_IZR.

(* The first of several conclusions that holds. *)
Ltac integer_pick :=
  lazymatch goal with
  | |- _ \/ _ => first [ left; solve [repeat split; lia] | right; integer_pick ]
  | |- _ => solve [repeat split; lia]
  end.

Ltac integer_split H :=
  lazymatch type of H with
  | _ \/ _ => destruct H as [H | H]; integer_split H
  | _ => idtac
  end.

(* Implications, written with "or", one conclusion at a time: lia alone would try all
   combinations.  "values" goes through the values of one variable. *)
Ltac integer_claim values :=
  lazymatch goal with
  | |- _ /\ _ => split; integer_claim values
  | |- ~ (_ \/ _) \/ ?D =>
      let N := fresh in
      assert (D \/ ~ D) as [N | N] by lia;
      [right; exact N | left; let H := fresh in intros H; integer_split H; lia]
  | |- ~ ?A \/ _ =>
      let N := fresh in
      assert (A \/ ~ A) as [N | N] by lia; [right; values | left; exact N]
  | |- _ => lia
  end.

(* ---- Tactics -------------------------------------------------------------------------------- *)

(* Signs by structure alone: a square is >= 0, so 1 plus a sum of squares is positive. *)
Ltac structurally_pos :=
  solve [
    assumption
  | lazymatch goal with
    | |- 0 < IZR _ => lra
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < INR _ => apply INR_pos; lia
    | |- 0 < / _ => apply Rinv_0_lt_compat; structurally_pos
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; structurally_pos
    | |- 0 < _ ^ _ => apply pow_lt; structurally_pos
    | |- 0 < sumR _ _ => apply sumR_pos; [lia | intros; cbv beta; structurally_pos]
    | |- 0 < _ + _ =>
        first
          [ apply Rplus_lt_le_0_compat; [structurally_pos | structurally_nonneg]
          | apply Rplus_le_lt_0_compat; [structurally_nonneg | structurally_pos] ]
    end ]
with structurally_nonneg :=
  solve [
    assumption
  | lazymatch goal with
    | |- 0 <= _ ^ 2 => apply pow2_ge_0
    | |- 0 <= _ * _ => apply Rmult_le_pos; structurally_nonneg
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; structurally_nonneg
    | |- 0 <= sumR _ _ => apply sumR_nonneg; intros; cbv beta; structurally_nonneg
    end
  | apply Rlt_le; structurally_pos ].

(* Signs by structure and from what is assumed. *)
Ltac solve_pos :=
  solve [
    assumption
  | lazymatch goal with
    | |- 0 < exp _ => apply exp_pos
    | |- 0 < _ + _ => apply Rplus_lt_0_compat; solve_pos
    | |- 0 < _ * _ => apply Rmult_lt_0_compat; solve_pos
    | |- 0 < / _ => apply Rinv_0_lt_compat; solve_pos
    | |- 0 < _ / _ => apply Rdiv_lt_0_compat; solve_pos
    | |- 0 < _ ^ _ => apply pow_lt; solve_pos
    | |- 0 < INR _ => apply INR_pos; lia
    | |- 0 < ln _ =>
        apply ln_positive; first [ apply one_below_left | apply one_below_right ]; solve_pos
    | |- 0 < sqrt _ => apply sqrt_lt_R0; solve_pos
    | |- 0 < sumR _ _ => apply sumR_pos; [lia | intros; cbv beta; solve_pos]
    end
  | lra
  | structurally_pos
  | progress unfold Rgt; solve_pos
  | match goal with
    | H : forall k : nat, (1 <= k <= _)%nat -> _, K : (1 <= ?k <= _)%nat |- _ =>
        specialize (H k K); lra
    end
  | nra ].

Ltac solve_nonzero :=
  solve [
    assumption
  | apply positive_nonzero; solve_pos
  | lazymatch goal with
    | |- _ * _ <> 0 => apply Rmult_integral_contrapositive; split; solve_nonzero
    | |- / _ <> 0 => apply Rinv_neq_0_compat; solve_nonzero
    | |- _ ^ _ <> 0 => apply pow_nonzero; solve_nonzero
    | |- - _ <> 0 => apply Ropp_neq_0_compat; solve_nonzero
    end
  | let Z := fresh in intro Z;
    match goal with H : _ <> 0 |- _ => apply H; lra end
  | let Z := fresh in intro Z;
    match goal with
    | H : forall k : nat, (1 <= k <= _)%nat -> _ <> 0, K : (1 <= ?k <= _)%nat |- _ =>
        apply (H k K); lra
    end
  | lra ].

Ltac solve_nonneg :=
  solve [
    assumption
  | apply Rlt_le; solve_pos
  | lazymatch goal with
    | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; solve_nonneg
    | |- 0 <= _ * _ => apply Rmult_le_pos; solve_nonneg
    | |- 0 <= / _ => apply Rlt_le; apply Rinv_0_lt_compat; solve_pos
    | |- 0 <= sumR _ _ => apply sumR_nonneg; intros; cbv beta; solve_nonneg
    end
  | apply pow2_ge_0
  | lra
  | structurally_nonneg
  | nra ].

Ltac solve_sign := first [ solve_pos | solve_nonneg | lra | nra ].

Ltac solve_side :=
  intros; cbv beta; repeat split;
  first [ solve [auto] | solve_nonzero | solve_pos | solve_nonneg ].

(* A term that contains update only at places apart from the varied one. *)
Ltac solve_constant :=
  repeat match goal with
  | N : ?k <> ?i |- context [update ?x ?i ?t ?k] => rewrite (update_other x i t k N)
  | N : ?k <> ?i |- context [update2 ?x ?i ?j ?t ?k] => rewrite (update2_other x i j t k N)
  | N : ?l <> ?j |- context [update2 ?x ?i ?j ?t ?k ?l] =>
      rewrite (update2_other_column x i j t k l N)
  end; reflexivity.

Ltac solve_field := first [ ring | field; solve_side ].

Ltac solve_absurd :=
  exfalso; first [ lra | match goal with H : _ <> 0 |- _ => apply H; lra end ].

Ltac solve_update :=
  rewrite ?update_same, ?update2_same, ?update3_same.

(* A pattern "fun t => ?c" would match every function: c may contain t there. *)
Ltac solve_constant_derivative :=
  lazymatch goal with
  | |- is_derive ?f _ _ =>
      let c := eval cbv beta in (f 0) in
      constr_eq f (fun _ : R => c); apply (D_const c)
  end.

(* Goal: is_derive f a ?u, by the structure of f; the side conditions are facts of the context. *)
Ltac solve_derive :=
  tryif solve_constant_derivative then idtac else
  lazymatch goal with
  | |- is_derive (fun t => t) _ _ => apply D_id
  | |- is_derive (fun t => update _ _ t _) _ _ => apply D_update
  | |- is_derive (fun t => update2 _ _ _ t _ _) _ _ => apply D_update2
  | |- is_derive (fun t => update3 _ _ _ _ t _ _ _) _ _ => apply D_update3
  | |- is_derive (fun t => @?f t + @?g t) _ _ => apply (D_plus f g); solve_derive
  | |- is_derive (fun t => @?f t * @?g t) _ _ => apply (D_mult f g); solve_derive
  | |- is_derive (fun t => - @?f t) _ _ => apply (D_opp f); solve_derive
  | |- is_derive (fun t => / @?f t) _ _ => apply (D_inv f); [solve_derive | solve_at]
  | |- is_derive (fun t => @?f t ^ ?n) _ _ => apply (D_pow f); solve_derive
  | |- is_derive (fun t => exp (@?f t)) _ _ => apply (D_exp f); solve_derive
  | |- is_derive (fun t => ln (@?f t)) _ _ => apply (D_ln f); [solve_derive | solve_at]
  | |- is_derive (fun t => sqrt (@?f t)) _ _ => apply (D_sqrt f); [solve_derive | solve_at]
  | |- is_derive (fun t => sin (@?f t)) _ _ => apply (D_sin f); solve_derive
  | |- is_derive (fun t => cos (@?f t)) _ _ => apply (D_cos f); solve_derive
  | |- is_derive (fun t => atan (@?f t)) _ _ => apply (D_atan f); solve_derive
  | |- is_derive (fun t => relu (@?f t)) _ _ => apply (D_relu f); [solve_derive | solve_at]
  | |- is_derive (fun t => positive_indicator (@?f t)) _ _ =>
      apply (D_positive_indicator f); [solve_derive | solve_at]
  | |- is_derive (fun t => Rabs (@?f t)) _ _ => apply (D_Rabs f); [solve_derive | solve_at]
  | |- is_derive (fun t => sumR ?n (fun k => @?f t k)) _ _ =>
      apply (D_sumR n (fun k t => f t k)); intros; cbv beta; solve_derive
  end
with solve_at := cbv beta; solve_update; solve_side.
