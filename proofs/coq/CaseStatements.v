(** * Claims about networks of any neurons, in readable form

    What [Cases.check_cases] proves, about outputs of networks; and networks of [Network.v] are
    such networks. *)

From Coq Require Import ZArith QArith List Lqa Lia.
From Polyrelax Require Import Network Layered Neurons Cases.
Import ListNotations.
Open Scope Q_scope.

Definition least_value (X : inputs) (net : stages) (k : nat) (a : Q) : Prop :=
  (forall x, allowed X x -> a <= output k (final_value net x))
  /\ exists x, allowed X x /\ output k (final_value net x) == a.

Definition greatest_value (X : inputs) (net : stages) (k : nat) (b : Q) : Prop :=
  (forall x, allowed X x -> output k (final_value net x) <= b)
  /\ exists x, allowed X x /\ output k (final_value net x) == b.

Section Outputs.

Variable net : stages.
Variable X : inputs.
Variable claims : list (claim * evidence).
Hypothesis all_true : Forall (claim_holds net X) (map fst claims).

Let N := length net.

Lemma amount_of_output : forall c j x,
  amount [(c, (N, j))] (values_of net x) == c * output j (final_value net x).
Proof.
  intros c j x. cbn [amount]. unfold value_at, output. cbn [fst snd].
  pose proof (nth_error_values net x N) as E. unfold N in E at 2.
  rewrite PeanoNat.Nat.leb_refl in E. unfold N in E at 2. rewrite firstn_all in E.
  apply nth_error_nth with (d := []) in E. rewrite E. ring.
Qed.

Lemma claimed : forall n c, nth_error (map fst claims) n = Some c -> claim_holds net X c.
Proof.
  intros n c E. apply nth_error_In in E. rewrite Forall_forall in all_true. now apply all_true.
Qed.

(** Claim [n] is that output [j] is at most [b], or at least [a]. *)
Lemma value_at_most : forall n j b,
  nth_error (map fst claims) n = Some (Bounded [(1, (N, j))] b) ->
  forall x, allowed X x -> output j (final_value net x) <= b.
Proof.
  intros n j b E x I. pose proof (claimed n _ E x I) as A. rewrite amount_of_output in A. lra.
Qed.

Lemma value_at_least : forall n j b a,
  nth_error (map fst claims) n = Some (Bounded [(-(1), (N, j))] b) -> b == - a ->
  forall x, allowed X x -> a <= output j (final_value net x).
Proof.
  intros n j b a E B x I. pose proof (claimed n _ E x I) as A.
  rewrite amount_of_output in A. lra.
Qed.

Lemma value_reached : forall n j b,
  nth_error (map fst claims) n = Some (Attained [(1, (N, j))] b) ->
  exists x, allowed X x /\ output j (final_value net x) == b.
Proof.
  intros n j b E. destruct (claimed n _ E) as (x & I & A). exists x.
  split; [assumption|]. rewrite amount_of_output in A. lra.
Qed.

Lemma value_reached_below : forall n j b a,
  nth_error (map fst claims) n = Some (Attained [(-(1), (N, j))] b) -> b == - a ->
  exists x, allowed X x /\ output j (final_value net x) == a.
Proof.
  intros n j b a E B. destruct (claimed n _ E) as (x & I & A). exists x.
  split; [assumption|]. rewrite amount_of_output in A. lra.
Qed.

End Outputs.

(** ** Networks of affine and ReLU layers *)

(** A layer and a stage give the same values, of vectors of a width. *)
Definition same_on (width : nat) (f : layer) (g : stage) : Prop :=
  forall v, length v = width -> eqv (apply f v) (stage_value g v).

Definition rectifying (mask : list bool) (width : nat) : list neuron :=
  map (fun j => if nth j mask false then Relu (N.of_nat j) else Pass (N.of_nat j)) (seq 0 width).

Lemma rectifying_value : forall mask v, stage_value (Bent (rectifying mask (length v))) v
  = relu_on mask v.
Proof.
  intros mask v. cbn [stage_value]. unfold rectifying.
  assert (G : forall z v' mask' i, v = v' ++ z -> length v' = i ->
    (forall k, nth k mask' false = nth (i + k) mask false) ->
    flat_map (fun n => fire n v) (map (fun j =>
      if nth j mask false then Relu (N.of_nat j) else Pass (N.of_nat j)) (seq i (length z)))
    = relu_on mask' z).
  { induction z as [|a z IH]; intros v' mask' i E L M; [reflexivity|].
    cbn [length seq map flat_map relu_on].
    assert (A : at_ v (N.of_nat i) = a).
    { unfold at_. rewrite Nnat.Nat2N.id, E, app_nth2, L, PeanoNat.Nat.sub_diag by lia.
      reflexivity. }
    rewrite (IH (v' ++ [a]) (tl mask') (S i)).
    - pose proof (M 0%nat) as M0. rewrite PeanoNat.Nat.add_0_r in M0. rewrite <- M0.
      assert (H : nth 0 mask' false = hd false mask') by (now destruct mask'). rewrite H.
      destruct (hd false mask'); cbn [fire app]; now rewrite A.
    - now rewrite <- app_assoc.
    - rewrite app_length. simpl. lia.
    - intros k. replace (S i + k)%nat with (i + S k)%nat by lia. rewrite <- M.
      destruct mask' as [|b mask']; [now destruct k | reflexivity]. }
  now apply (G v [] mask 0%nat).
Qed.

Theorem relu_layer_is_rectifying : forall mask width,
  same_on width (ReLU mask) (Bent (rectifying mask width)).
Proof.
  intros mask width v <-. rewrite rectifying_value. apply eqv_refl.
Qed.

Theorem identity_is_passing : forall width,
  same_on width Identity (Bent (rectifying [] width)).
Proof.
  intros width v <-. rewrite rectifying_value. cbn [apply]. clear.
  induction v as [|a v IH]; constructor; [reflexivity | exact IH].
Qed.

(** A row [a] and a bias [b] have the entries [l] and the bias [k] over a divisor. *)
Definition row_over (c : positive) (row : vec * Q) (entry : entries * Z) : Prop :=
  (forall v, length v = length (fst row) ->
     inject_Z (Zpos c) * dot (fst row) v == along (fst entry) v)
  /\ inject_Z (Zpos c) * snd row == inject_Z (snd entry).

Theorem affine_layer_is_weighted : forall c rows entries width,
  Forall2 (row_over c) rows entries -> Forall (fun row => length (fst row) = width) rows ->
  same_on width (Affine rows) (Weighted c entries).
Proof.
  intros c rows entries width F W v L. cbn [apply stage_value].
  induction F as [|[a b] [l k] rows entries [R B] F IH]; cbn [map]; constructor;
    inversion W as [|? ? A W']; subst; [|now apply IH].
  cbn [fst snd] in *. rewrite Qred_correct, <- (R v) by congruence. rewrite <- B.
  assert (D : inject_Z (Zpos c) * (1 # c) == 1) by exact (den_times (1 # c)).
  setoid_replace ((inject_Z (Zpos c) * dot a v + inject_Z (Zpos c) * b) * (1 # c))
    with ((dot a v + b) * (inject_Z (Zpos c) * (1 # c))) by ring.
  rewrite D. ring.
Qed.

(** Networks that agree layer by layer compute the same. *)
Inductive agree : nat -> network -> stages -> Prop :=
| agree_nil : forall width, agree width [] []
| agree_cons : forall width f fs g gs, same_on width f g ->
    (forall v, length v = width -> agree (length (stage_value g v)) fs gs) ->
    agree width (f :: fs) (g :: gs).

Theorem same_values : forall fs gs width, agree width fs gs -> forall x, length x = width ->
  eqv (eval fs x) (final_value gs x).
Proof.
  induction fs as [|f fs IH]; intros gs width A x L; inversion A; subst; [apply eqv_refl|].
  cbn [eval final_value]. eapply eqv_trans; [apply eval_compat, H2; reflexivity|].
  now apply (IH _ _ (H4 x eq_refl)).
Qed.
