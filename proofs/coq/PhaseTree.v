(** * Bounds of a network, proved by sign splits

    To prove [<c, f(x)> <= d] for all [x] in a polytope, refute its negation: by a Farkas
    refutation, by a split on the sign of a neuron, or by a cut, a row that is first proved
    (its negation is refuted) and then used.  A triangle row is a cut: with [l <= z <= u] cut
    before, each sign of [z] implies it.  *)

From Coq Require Import ZArith QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Farkas Traces Symbolic.
Import ListNotations.
Open Scope Z_scope.

Inductive tree :=
| Refute (c : refutation)
| Split (k : nat) (negative_phase positive_phase : tree)
| Cut (r : row) (proof rest : tree).

Definition negation (r : row) : row :=
  Row (scale (-1) (form r)) (- bound r) (negb (strict r)).

(** [y - z] as a form, of a neuron. *)
Definition excess (n : neuron) : affine := add_multiple (-(1))%Q (fst n) (variable (snd n)).
Definition opposite (f : affine) : affine := add_multiple (-(1))%Q f (constantly 0%Q).

(** [0 <= y] and [z <= y] hold in both phases. *)
Definition neuron_rows (n : neuron) : list row :=
  [not_positive (opposite (variable (snd n))); not_positive (opposite (excess n))].

Definition negative_rows (n : neuron) : list row :=
  [not_positive (fst n); not_positive (variable (snd n))].

Definition positive_rows (n : neuron) : list row :=
  [not_positive (opposite (fst n)); not_positive (excess n)].

Fixpoint closes (ns : list neuron) (t : tree) (rows : list row) : bool :=
  match t with
  | Refute c => refutes c rows
  | Split k t1 t2 =>
      match nth_error ns k with
      | None => false
      | Some n => closes ns t1 (negative_rows n ++ rows)
                  && closes ns t2 (positive_rows n ++ rows)
      end
  | Cut r t1 t2 => closes ns t1 (negation r :: rows) && closes ns t2 (r :: rows)
  end.

(** The forms of the last values, the neurons and the next variable, of a reversed network. *)
Fixpoint forms (dim : nat) (fs : list layer) : list affine * list neuron * positive :=
  match fs with
  | [] => (input_forms dim 1, [], fold_right (fun _ => Pos.succ) 1%positive (repeat tt dim))
  | f :: fs' =>
      let '(gs, ns, n) := forms dim fs' in
      let '(gs', ns', n') := layer_forms f gs n in (gs', ns ++ ns', n')
  end.

(** A claim: [<c, f(x)> <= d], or [< d] where [sharp]. *)
Record claim := Claim { direction : vec; limit : Q; sharp : bool }.

Definition holds (c : claim) (v : vec) : Prop :=
  if sharp c then (dot (direction c) v < limit c)%Q else (dot (direction c) v <= limit c)%Q.

Definition claim_row (c : claim) (gs : list affine) : row :=
  let f := add_dot (direction c) gs (constantly (- limit c)%Q) in
  if sharp c then negative f else not_positive f.

Definition check_claim (X : polytope) (net : network) (c : claim) (t : tree) : bool :=
  let '(gs, ns, _) := forms (dimension X) (rev net) in
  closes ns t (negation (claim_row c gs)
    :: flat_map neuron_rows ns
    ++ map (constraint_row (input_forms (dimension X) 1)) (constraints X)).

Definition at_most (k : nat) (b : Q) : claim := Claim (unit_row 1%Q k) b false.
Definition at_least (k : nat) (b : Q) : claim := Claim (unit_row (-(1))%Q k) (- b)%Q false.
Definition less (k : nat) (b : Q) : claim := Claim (unit_row 1%Q k) b true.
Definition greater (k : nat) (b : Q) : claim := Claim (unit_row (-(1))%Q k) (- b)%Q true.

(** ** Soundness *)

Lemma sat_or_negation : forall x r, sat x r \/ sat x (negation r).
Proof.
  intros x r. unfold sat, negation. cbn [form bound strict].
  pose proof (value_scale x (-1) (form r)) as V. rewrite inject_Z_opp.
  change (inject_Z (-1)) with (-(1))%Q in V.
  destruct (strict r); simpl; rewrite V;
    destruct (Qlt_le_dec (value x (form r)) (inject_Z (bound r)));
    destruct (Qlt_le_dec (inject_Z (bound r)) (value x (form r))); lra.
Qed.

(** A variable and a form that are related as a ReLU relates them. *)
Definition is_relu (x : point) (n : neuron) : Prop :=
  exists z, represents x (fst n) z /\ (x (snd n) == relu z)%Q.

Lemma represents_excess : forall x n z y, represents x (fst n) z -> (x (snd n) == y)%Q ->
  represents x (excess n) (y - z)%Q.
Proof.
  intros x n z y Z Y. apply (represents_compat _ _ (-(1) * z + y)%Q); [ring|].
  now apply represents_add_multiple, represents_variable.
Qed.

Lemma represents_opposite : forall x f v, represents x f v -> represents x (opposite f) (- v)%Q.
Proof.
  intros x f v F. apply (represents_compat _ _ (-(1) * v + 0)%Q); [ring|].
  now apply represents_add_multiple, represents_constantly.
Qed.

Lemma sat_neuron_rows : forall x n, is_relu x n -> Forall (sat x) (neuron_rows n).
Proof.
  intros x n (z & Z & Y). set (y := x (snd n)) in *.
  assert (V : represents x (variable (snd n)) y) by now apply represents_variable.
  assert (E : represents x (excess n) (y - z)) by now apply represents_excess.
  repeat constructor.
  - apply (sat_not_positive x _ (- y) (represents_opposite _ _ _ V)).
    destruct (relu_cases z); lra.
  - apply (sat_not_positive x _ (- (y - z)) (represents_opposite _ _ _ E)).
    destruct (relu_cases z); lra.
Qed.

Lemma sat_phase_rows : forall x n, is_relu x n ->
  Forall (sat x) (negative_rows n) \/ Forall (sat x) (positive_rows n).
Proof.
  intros x n (z & Z & Y). set (y := x (snd n)) in *.
  assert (V : represents x (variable (snd n)) y) by now apply represents_variable.
  assert (E : represents x (excess n) (y - z)) by now apply represents_excess.
  destruct (relu_cases z) as [[N R]|[P R]]; [left | right]; repeat constructor.
  - now apply (sat_not_positive x _ z Z).
  - apply (sat_not_positive x _ y V). lra.
  - apply (sat_not_positive x _ (- z) (represents_opposite _ _ _ Z)). lra.
  - apply (sat_not_positive x _ (y - z) E). lra.
Qed.

Lemma closes_sound : forall x ns, Forall (is_relu x) ns ->
  forall t rows, closes ns t rows = true -> ~ Forall (sat x) rows.
Proof.
  intros x ns N t. induction t as [c|k t1 IH1 t2 IH2|r t1 IH1 t2 IH2]; intros rows C F;
    simpl in C.
  - now apply (refutes_sound c rows C x).
  - destruct (nth_error ns k) as [n|] eqn:E; [|discriminate].
    apply andb_prop in C as [C1 C2]. apply nth_error_In in E.
    rewrite Forall_forall in N. destruct (sat_phase_rows x n (N n E)).
    + apply (IH1 _ C1). apply (Forall_app (sat x) (negative_rows n)). now split.
    + apply (IH2 _ C2). apply (Forall_app (sat x) (positive_rows n)). now split.
  - apply andb_prop in C as [C1 C2]. destruct (sat_or_negation x r).
    + apply (IH2 _ C2). now constructor.
    + apply (IH1 _ C1). now constructor.
Qed.

Lemma after_length : forall v next,
  after next v = fold_right (fun _ => Pos.succ) next (repeat tt (length v)).
Proof.
  induction v as [|a v IH]; intros next; simpl; [reflexivity|]. rewrite IH.
  generalize (length v). clear. intros n. revert next.
  induction n; simpl; intros; [reflexivity|]. now rewrite IHn.
Qed.

Lemma forms_sound : forall fs x, forall p gs ns n,
  forms (length x) fs = (gs, ns, n) ->
  reads p 1 (variables_of fs (reversed_run fs x)) ->
  Forall2 (represents p) gs (hd [] (reversed_run fs x))
  /\ n = after 1 (variables_of fs (reversed_run fs x)) /\ Forall (is_relu p) ns.
Proof.
  induction fs as [|f fs IH]; intros x p gs ns n E V; simpl in E.
  - injection E as <- <- <-. simpl in *. repeat split; [|now rewrite after_length|constructor].
    now apply input_forms_sound.
  - destruct (forms (length x) fs) as [[gs' ns'] n'] eqn:E1.
    destruct (layer_forms f gs' n') as [[gs'' ns''] n''] eqn:E2.
    injection E as <- <- <-. cbn [variables_of reversed_run hd] in *.
    rewrite reads_app in V. destruct V as [V V'].
    destruct (IH x p gs' ns' n' E1 V) as (G & A & B). subst n'.
    destruct (layer_forms_sound _ _ _ _ _ _ _ _ _ _ E2 G (step_exactly f _) V')
      as (G' & A' & B').
    repeat split; [assumption | now rewrite after_app |].
    apply Forall_app. split; [assumption|]. eapply Forall_impl; [|exact B'].
    intros m (j & a & b & _ & Z & Y & R). exists a. split; [assumption|].
    unfold exactly in R. now rewrite Y.
Qed.

Lemma reads_inputs : forall fs x p, reads p 1 (variables_of fs (reversed_run fs x)) ->
  reads p 1 x.
Proof.
  induction fs as [|f fs IH]; intros x p V; [assumption|].
  cbn [variables_of reversed_run] in V. apply reads_app in V as [V _]. now apply IH.
Qed.

Lemma sat_constraints : forall X x p, inside X x -> reads p 1 x ->
  Forall (sat p) (map (constraint_row (input_forms (dimension X) 1)) (constraints X)).
Proof.
  intros X x p [<- C] V. apply input_forms_sound in V. apply Forall_map.
  eapply Forall_impl; [|exact C]. intros r D. now apply (sat_constraint_row p _ x).
Qed.

Lemma sat_claim_row : forall p c gs v, Forall2 (represents p) gs v ->
  (sat p (claim_row c gs) <-> holds c v).
Proof.
  intros p c gs v F. unfold claim_row, holds.
  assert (R : represents p (add_dot (direction c) gs (constantly (- limit c)%Q))
                (dot (direction c) v + - limit c)%Q)
    by (apply represents_add_dot; [assumption | apply represents_constantly]).
  destruct (sharp c).
  - rewrite (sat_negative _ _ _ R). split; intros; lra.
  - rewrite (sat_not_positive _ _ _ R). split; intros; lra.
Qed.

Theorem check_claim_sound : forall X net c t, check_claim X net c t = true ->
  forall x, inside X x -> holds c (eval net x).
Proof.
  intros X net c t C x I. unfold check_claim in C.
  destruct (forms (dimension X) (rev net)) as [[gs ns] n] eqn:E.
  set (p := point_of 1 (variables_of (rev net) (reversed_run (rev net) x))).
  assert (V : reads p 1 (variables_of (rev net) (reversed_run (rev net) x)))
    by apply reads_point_of.
  pose proof I as [L _]. rewrite <- L in E at 1.
  destruct (forms_sound _ _ _ _ _ _ E V) as (G & _ & B).
  rewrite reversed_run_eval, rev_involutive in G.
  destruct (sat_or_negation p (claim_row c gs)) as [S|S]; [now apply (sat_claim_row p c gs)|].
  exfalso. apply (closes_sound p ns B t _ C). constructor; [assumption|].
  apply Forall_app. split.
  - apply Forall_flat_map. eapply Forall_impl; [|exact B]. apply sat_neuron_rows.
  - apply (sat_constraints X x); [assumption|]. now apply (reads_inputs (rev net)).
Qed.

Lemma at_most_holds : forall k b v, holds (at_most k b) v <-> (output k v <= b)%Q.
Proof. intros. unfold holds, at_most, output. simpl. rewrite dot_unit_row. split; lra. Qed.

Lemma at_least_holds : forall k b v, holds (at_least k b) v <-> (b <= output k v)%Q.
Proof. intros. unfold holds, at_least, output. simpl. rewrite dot_unit_row. split; lra. Qed.

Lemma less_holds : forall k b v, holds (less k b) v <-> (output k v < b)%Q.
Proof. intros. unfold holds, less, output. simpl. rewrite dot_unit_row. split; lra. Qed.

Lemma greater_holds : forall k b v, holds (greater k b) v <-> (b < output k v)%Q.
Proof. intros. unfold holds, greater, output. simpl. rewrite dot_unit_row. split; lra. Qed.

(** ** Ranges *)

Record range_proof := { lower_proof : tree; upper_proof : tree }.

Definition check_range X net k lower upper (t : range_proof) : bool :=
  check_claim X net (at_least k lower) (lower_proof t)
  && check_claim X net (at_most k upper) (upper_proof t).

Definition check_strict_range X net k lower upper (t : range_proof) : bool :=
  check_claim X net (greater k lower) (lower_proof t)
  && check_claim X net (less k upper) (upper_proof t).

Theorem check_range_sound : forall X net k lower upper t,
  check_range X net k lower upper t = true ->
  forall x, inside X x -> (lower <= output k (eval net x) <= upper)%Q.
Proof.
  intros X net k lower upper t C x I. apply andb_prop in C as [L U]. split.
  - apply at_least_holds, (check_claim_sound X net _ _ L x I).
  - apply at_most_holds, (check_claim_sound X net _ _ U x I).
Qed.

Theorem check_strict_range_sound : forall X net k lower upper t,
  check_strict_range X net k lower upper t = true ->
  forall x, inside X x -> (lower < output k (eval net x) < upper)%Q.
Proof.
  intros X net k lower upper t C x I. apply andb_prop in C as [L U]. split.
  - apply greater_holds, (check_claim_sound X net _ _ L x I).
  - apply less_holds, (check_claim_sound X net _ _ U x I).
Qed.
