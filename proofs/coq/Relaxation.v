(** * Convex relaxations as sets of traces, and points of them

    A relaxation is the set of traces [v_0, ..., v_L] that it admits.  No bound occurs in the
    definitions: a neuron is relaxed over the values that the relaxation of the layers before
    admits, so the triangle is the one with the tightest bounds (LP-ALL).  *)

From Coq Require Import QArith List Lqa Bool.
From Polyrelax Require Import Network Traces Symbolic.
Import ListNotations.
Open Scope Q_scope.

Definition set := vec -> Prop.
Definition eqt : trace -> trace -> Prop := Forall2 eqv.

(** ** Convex hulls *)

Fixpoint add_vec (u v : vec) : vec :=
  match u, v with
  | [], _ => v
  | _, [] => u
  | a :: u', b :: v' => a + b :: add_vec u' v'
  end.

Fixpoint add_trace (s t : trace) : trace :=
  match s, t with
  | [], _ => t
  | _, [] => s
  | u :: s', v :: t' => add_vec u v :: add_trace s' t'
  end.

Definition scale_trace (w : Q) : trace -> trace := map (map (Qmult w)).

Definition combination (ps : list (Q * trace)) : trace :=
  fold_right (fun p t => add_trace (scale_trace (fst p) (snd p)) t) [] ps.

Definition sum : vec -> Q := fold_right Qplus 0.

Definition convex_weights (ws : vec) : Prop := Forall (Qle 0) ws /\ sum ws == 1.

(** [conv S t]: [t] is a convex combination of traces in [S]. *)
Definition conv (S : trace -> Prop) (t : trace) : Prop :=
  exists ps, convex_weights (map fst ps) /\ Forall S (map snd ps) /\ eqt t (combination ps).

(** ** The hulls of windows of [r] layers: [P_r]

    [D_0 = X] and [D_{i+1} = conv f_{i+1}(D_i)]; each window [v_i, ..., v_{i+r}] is in the
    hull of the runs of its layers from points of [D_i].  [P 1] is the hull of each layer. *)

Definition runs (net : network) (X : set) (t : trace) : Prop := exists x, X x /\ t = run net x.

Definition hull_behind (f : layer) (X : set) : set :=
  fun y => conv (fun t => exists x, X x /\ t = [apply f x]) [y].

Fixpoint P (r : nat) (X : set) (net : network) (t : trace) : Prop :=
  match net with
  | [] => conv (runs [] X) t
  | f :: fs =>
      if (length net <=? r)%nat then conv (runs net X) t
      else conv (runs (firstn r net) X) (firstn (S r) t)
           /\ P r (hull_behind f X) fs (tl t)
  end.

(** ** The triangle relaxation

    [(z, y)] of each neuron is in the hull of the graph of [relu] over the values of that
    coordinate in [D]. *)

Definition triangle_neuron (D : set) (j : nat) (z y : Q) : Prop :=
  conv (fun t => exists v s, D v /\ nth_error v j = Some s /\ t = [[s; relu s]]) [[z; y]].

(** The layers and the trace are given from the last to the first. *)
Fixpoint triangle_reversed (X : set) (fs : list layer) (t : trace) : Prop :=
  match fs, t with
  | [], [x] => X x
  | f :: fs', y :: ((z :: _) as t') =>
      triangle_reversed X fs' t'
      /\ step (triangle_neuron (fun v => exists s, triangle_reversed X fs' (v :: s))) f z y
  | _, _ => False
  end.

Definition triangle (X : set) (net : network) (t : trace) : Prop :=
  triangle_reversed X (rev net) (rev t).

(** ** Incompleteness

    A relaxation is imprecise on a network where it admits an output below all true ones. *)

Definition relaxation := set -> network -> trace -> Prop.

Definition exact_minimum (X : set) (net : network) (k : nat) (a : Q) : Prop :=
  (forall x, X x -> a <= output k (eval net x))
  /\ exists x, X x /\ output k (eval net x) == a.

Definition exact_maximum (X : set) (net : network) (k : nat) (a : Q) : Prop :=
  (forall x, X x -> output k (eval net x) <= a)
  /\ exists x, X x /\ output k (eval net x) == a.

Definition admits (R : relaxation) (X : set) (net : network) (k : nat) (b : Q) : Prop :=
  exists t, R X net t /\ output k (last_value t) == b.

Definition imprecise_below (R : relaxation) X net k : Prop :=
  exists a b, exact_minimum X net k a /\ admits R X net k b /\ b < a.

Definition imprecise_above (R : relaxation) X net k : Prop :=
  exists a b, exact_maximum X net k a /\ admits R X net k b /\ a < b.

(** ** Facts on combinations *)

Lemma eqt_refl : forall t, eqt t t.
Proof. induction t; constructor; [apply eqv_refl | assumption]. Qed.

Lemma add_vec_nil : forall v, add_vec v [] = v.
Proof. now destruct v. Qed.

Lemma add_trace_nil : forall t, add_trace t [] = t.
Proof. now destruct t. Qed.

Lemma scale_trace_1 : forall t, eqt t (scale_trace 1 t).
Proof.
  induction t as [|v t IH]; constructor; [|assumption].
  induction v; simpl; constructor; [ring | assumption].
Qed.

Lemma conv_contains : forall (S : trace -> Prop) t, S t -> conv S t.
Proof.
  intros S t H. exists [(1, t)]. repeat split; simpl.
  - repeat constructor. discriminate.
  - repeat constructor; assumption.
  - rewrite add_trace_nil. apply scale_trace_1.
Qed.

Lemma add_vec_compat : forall u u', eqv u u' -> forall v v', eqv v v' ->
  eqv (add_vec u v) (add_vec u' v').
Proof.
  induction 1 as [|c d u u' C E IH]; intros v v' F; simpl; [assumption|].
  inversion_clear F as [|? ? ? ? G H]; constructor; try assumption.
  - now rewrite C, G.
  - now apply IH.
Qed.

(** The middle of two traces. *)
Lemma conv_middle : forall (S : trace -> Prop) s t u, S s -> S t ->
  eqt u (combination [(1 # 2, s); (1 # 2, t)]) -> conv S u.
Proof.
  intros S s t u I J E. exists [(1 # 2, s); (1 # 2, t)]. repeat split; simpl.
  - repeat constructor; discriminate.
  - repeat constructor; assumption.
  - assumption.
Qed.

Lemma hull_behind_value : forall f (X : set) x y, X x -> eqv y (apply f x) -> hull_behind f X y.
Proof.
  intros f X x y I E. exists [(1, [apply f x])]. repeat split; simpl.
  - repeat constructor. discriminate.
  - repeat constructor. now exists x.
  - repeat constructor. apply (eqv_trans _ _ _ E).
    pose proof (scale_trace_1 [apply f x]) as F. now inversion F.
Qed.

(** Relaxations are sound: they admit every run. *)

Theorem P_sound : forall r net (X : set) x, X x -> P r X net (run net x).
Proof.
  intros r net. induction net as [|f fs IH]; intros X x I.
  - simpl. apply conv_contains. now exists x.
  - cbn [P]. destruct (length (f :: fs) <=? r)%nat.
    + apply conv_contains. now exists x.
    + split.
      * apply conv_contains. exists x. split; [assumption|]. clear.
        generalize (f :: fs) as net. intros net. revert r x.
        induction net as [|g gs IH]; intros [|r] x; simpl; trivial; f_equal; apply IH.
      * cbn [run tl]. apply IH, conv_contains. now exists x.
Qed.

Lemma reversed_run_shape : forall fs x, exists t,
  reversed_run fs x = hd [] (reversed_run fs x) :: t.
Proof. destruct fs; simpl; eauto. Qed.

Lemma relu_step_neurons : forall (D : set) z mask pre, D (pre ++ z) ->
  relu_step (triangle_neuron D) (length pre) mask z (relu_on mask z).
Proof.
  intros D. induction z as [|a z IH]; intros mask pre I; simpl; [trivial|]. split.
  - destruct (hd false mask); [|reflexivity].
    apply conv_contains. exists (pre ++ a :: z), a. repeat split; [assumption|].
    rewrite nth_error_app2, PeanoNat.Nat.sub_diag; auto.
  - specialize (IH (tl mask) (pre ++ [a])). rewrite app_length in IH. simpl in IH.
    rewrite PeanoNat.Nat.add_1_r in IH. apply IH. now rewrite <- app_assoc.
Qed.

Lemma triangle_reversed_sound : forall fs (X : set) x, X x ->
  triangle_reversed X fs (reversed_run fs x).
Proof.
  induction fs as [|f fs IH]; intros X x I; simpl; [assumption|].
  destruct (reversed_run_shape fs x) as [t E]. specialize (IH X x I).
  rewrite E in *. simpl. split; [assumption|].
  destruct f as [rows|mask|]; simpl; try apply eqv_refl.
  apply (relu_step_neurons _ _ mask []). now exists t.
Qed.

Theorem triangle_sound : forall (X : set) net x, X x -> triangle X net (run net x).
Proof.
  intros X net x I. unfold triangle. rewrite <- (rev_involutive net) at 2.
  rewrite <- reversed_run_rev, rev_involutive. now apply triangle_reversed_sound.
Qed.
