(** * Functions that are no linear combination of others

    A functional, a sum of values at some inputs times weights, that is 0 on all of a span
    and not 0 on a function shows that the function is outside. *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Relaxation Layered.
Import ListNotations.
Open Scope Q_scope.

(** [sum_i c_i g_i] *)
Fixpoint combined_amount (cs : vec) (gs : list form) (t : trace) : Q :=
  match cs, gs with
  | c :: cs', g :: gs' => c * amount g t + combined_amount cs' gs' t
  | _, _ => 0
  end.

(** No coefficients make [f], a function on [X], a combination of the functions in [gs]. *)
Definition outside_span (X : set) (net : network) (f : form) (gs : list form) : Prop :=
  ~ exists cs, forall x, X x -> amount f (run net x) == combined_amount cs gs (run net x).

Definition functional := list (Q * trace).

Fixpoint applied (l : functional) (h : trace -> Q) : Q :=
  match l with [] => 0 | (w, t) :: l' => w * h t + applied l' h end.

Definition separates (l : functional) (f : form) (gs : list form) : bool :=
  negb (Qeq_bool (applied l (amount f)) 0)
  && forallb (fun g => Qeq_bool (applied l (amount g)) 0) gs.

Lemma applied_ext : forall l (h h' : trace -> Q), Forall (fun wt => h (snd wt) == h' (snd
    wt)) l ->
  applied l h == applied l h'.
Proof.
  induction l as [|[w t] l IH]; intros h h' F; simpl; [reflexivity|].
  inversion F as [|? ? E F']; subst. simpl in E. now rewrite E, (IH h h' F').
Qed.

Lemma applied_combination : forall l cs gs,
  Forall (fun g => applied l (amount g) == 0) gs -> applied l (combined_amount cs gs) == 0.
Proof.
  assert (Z : forall l, applied l (fun _ => 0) == 0).
  { induction l as [|[w t] l IH]; simpl; [reflexivity | rewrite IH; ring]. }
  intros l. induction cs as [|c cs IH]; intros gs F; [exact (Z l)|].
  destruct F as [|g gs G F]; [exact (Z l)|]. specialize (IH gs F).
  assert (A : forall l, applied l (combined_amount (c :: cs) (g :: gs))
              == c * applied l (amount g) + applied l (combined_amount cs gs)).
  { induction l0 as [|[w t] l0 IH']; simpl in *; [ring | rewrite IH'; ring]. }
  rewrite A, G, IH. ring.
Qed.

Theorem separates_sound : forall (X : set) net l f gs, Forall (runs net X) (map snd l) ->
  separates l f gs = true -> outside_span X net f gs.
Proof.
  intros X net l f gs R E (cs & H). apply andb_prop in E as [E1 E2]. apply negb_true_iff in E1.
  apply Qeq_bool_neq in E1. apply E1.
  rewrite (applied_ext l (amount f) (combined_amount cs gs)).
  - apply applied_combination, Forall_forall. intros g I. rewrite forallb_forall in E2.
    now apply Qeq_bool_eq, E2.
  - apply Forall_forall. intros [w t] I. rewrite Forall_forall in R.
    destruct (R t (in_map snd _ _ I)) as (x & J & E). cbn [snd] in *. rewrite E. now apply H.
Qed.
