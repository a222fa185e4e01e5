(** * What layers do to values, and the variables of a trace *)

From Coq Require Import QArith List PArith Lia.
From Polyrelax Require Import Network Farkas.
Import ListNotations.

(** ** Steps, exact or relaxed

    [relu_step R 0 mask z y]: at the neurons of the mask [R j z_j y_j] holds, and the other
    coordinates pass. *)

Fixpoint relu_step (R : nat -> Q -> Q -> Prop) (j : nat) (mask : list bool) (z y : vec)
  : Prop :=
  match z, y with
  | [], [] => True
  | a :: z', b :: y' =>
      (if hd false mask then R j a b else (b == a)%Q) /\ relu_step R (S j) (tl mask) z' y'
  | _, _ => False
  end.

Definition step (R : nat -> Q -> Q -> Prop) (f : layer) (z y : vec) : Prop :=
  match f with
  | ReLU mask => relu_step R 0 mask z y
  | _ => eqv y (apply f z)
  end.

Definition exactly (_ : nat) (z y : Q) : Prop := (y == relu z)%Q.

(** ** The variables of a trace

    A trace lists its values from the last to the first here, and the layers likewise. *)

Fixpoint masked (mask : list bool) (y : vec) : vec :=
  match y with
  | [] => []
  | b :: y' => (if hd false mask then [b] else []) ++ masked (tl mask) y'
  end.

Definition new_values (f : layer) (y : vec) : vec :=
  match f with ReLU mask => masked mask y | _ => [] end.

Fixpoint variables_of (fs : list layer) (t : trace) : vec :=
  match fs, t with
  | f :: fs', y :: t' => variables_of fs' t' ++ new_values f y
  | _, x :: _ => x
  | _, [] => []
  end.

(** [x] has the values [l] at the variables from [next]. *)
Fixpoint reads (x : point) (next : positive) (l : vec) : Prop :=
  match l with
  | [] => True
  | q :: l' => (x next == q)%Q /\ reads x (Pos.succ next) l'
  end.

Fixpoint after (next : positive) (l : vec) : positive :=
  match l with [] => next | _ :: l' => after (Pos.succ next) l' end.

Fixpoint point_of (next : positive) (l : vec) : point :=
  match l with
  | [] => fun _ => 0%Q
  | q :: l' => fun p => if Pos.eqb p next then q else point_of (Pos.succ next) l' p
  end.

Lemma reads_app : forall x l m next,
  reads x next (l ++ m) <-> reads x next l /\ reads x (after next l) m.
Proof.
  induction l as [|q l IH]; intros m next; simpl; [tauto|]. rewrite IH. tauto.
Qed.

Lemma after_app : forall l m next, after next (l ++ m) = after (after next l) m.
Proof. induction l; simpl; auto. Qed.

Lemma reads_ext : forall l x y next, (forall p, (next <= p)%positive -> x p = y p) ->
  reads y next l -> reads x next l.
Proof.
  induction l as [|q l IH]; simpl; intros x y next E R; [trivial|].
  destruct R as [H R]. split; [now rewrite (E next) by apply Pos.le_refl|].
  apply (IH x y); [|assumption]. intros p P. apply E.
  apply (Pos.le_trans _ (Pos.succ next)); [|assumption].
  apply Pos.lt_le_incl, Pos.lt_succ_diag_r.
Qed.

Lemma reads_point_of : forall l next, reads (point_of next l) next l.
Proof.
  induction l as [|q l IH]; simpl; intros next; [trivial|]. split.
  - now rewrite Pos.eqb_refl.
  - apply (reads_ext l _ (point_of (Pos.succ next) l)); [|apply IH].
    intros p P. destruct (Pos.eqb_spec p next); [lia | reflexivity].
Qed.

Lemma relu_step_exactly : forall z k mask, relu_step exactly k mask z (relu_on mask z).
Proof.
  induction z as [|a z IH]; intros k mask; simpl; [trivial|]. split; [|apply IH].
  unfold exactly. destruct (hd false mask); reflexivity.
Qed.

Lemma step_exactly : forall f z, step exactly f z (apply f z).
Proof.
  intros [rows|mask|] z; simpl; try apply eqv_refl. apply relu_step_exactly.
Qed.

(** The run of a reversed network, from the last value to the input. *)
Fixpoint reversed_run (fs : list layer) (x : vec) : trace :=
  match fs with
  | [] => [x]
  | f :: fs' => let t := reversed_run fs' x in apply f (hd [] t) :: t
  end.

Lemma reversed_run_eval : forall fs x, hd [] (reversed_run fs x) = eval (rev fs) x.
Proof.
  induction fs as [|f fs IH]; intros x; simpl; [reflexivity|].
  now rewrite eval_app, IH.
Qed.

Lemma run_app : forall net g x, run (net ++ [g]) x = run net x ++ [apply g (eval net x)].
Proof.
  induction net as [|f fs IH]; intros g x; simpl; [reflexivity | now rewrite IH].
Qed.

Lemma reversed_run_rev : forall fs x, rev (reversed_run fs x) = run (rev fs) x.
Proof.
  induction fs as [|f fs IH]; intros x; simpl; [reflexivity|].
  now rewrite IH, reversed_run_eval, run_app.
Qed.
