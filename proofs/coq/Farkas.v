(** * Refuting systems of linear inequalities

    Rows [<a, x> <= b] and [<a, x> < b] have integer coefficients.  If a non-negative
    combination of rows is [0 <= c] with [c < 0], or [0 < c] with [c <= 0], then no rational
    point satisfies all of them.  *)

From Coq Require Import ZArith QArith List Lqa Lia Bool.
Import ListNotations.
Open Scope Z_scope.

(** A linear form is a list of variables and coefficients, of ascending variables.  No proof
    uses that order: another one may only leave terms that cancel apart. *)
Definition linear := list (positive * Z).

Record row := Row { form : linear; bound : Z; strict : bool }.

Definition point := positive -> Q.

Fixpoint value (x : point) (l : linear) : Q :=
  match l with
  | [] => 0
  | (j, c) :: l' => inject_Z c * x j + value x l'
  end%Q.

Definition sat (x : point) (r : row) : Prop :=
  if strict r then (value x (form r) < inject_Z (bound r))%Q
  else (value x (form r) <= inject_Z (bound r))%Q.

Definition term (j : positive) (a : Z) (l : linear) : linear :=
  if a =? 0 then l else (j, a) :: l.

Fixpoint add (p : linear) : linear -> linear :=
  match p with
  | [] => fun q => q
  | (i, a) :: p' =>
      fix add_p (q : linear) : linear :=
        match q with
        | [] => p
        | (j, b) :: q' =>
            match Pos.compare i j with
            | Lt => (i, a) :: add p' q
            | Eq => term i (a + b) (add p' q')
            | Gt => (j, b) :: add_p q'
            end
        end
  end.

(** Coq's product takes time by the length of its first factor: coefficients are short. *)
Definition scale (k : Z) (l : linear) : linear := map (fun t => (fst t, snd t * k)) l.

Definition add_rows (r s : row) : row :=
  Row (add (form r) (form s)) (bound r + bound s) (strict r || strict s).

Definition scale_row (k : Z) (r : row) : row :=
  Row (scale k (form r)) (bound r * k) (strict r && (0 <? k)).

(** Rows are added in the order of a balanced tree: neighbours, then neighbours of those. *)
Fixpoint add_pairs (l : list row) : list row :=
  match l with
  | r :: s :: l' => add_rows r s :: add_pairs l'
  | _ => l
  end.

Fixpoint add_all (rounds : nat) (l : list row) : row :=
  match rounds, l with
  | O, _ | _, [] | _, [_] => fold_right add_rows (Row [] 0 false) l
  | S n, _ => add_all n (add_pairs l)
  end.

(** A refutation is a list of multipliers, each with the number of rows skipped before it. *)
Definition refutation := list (nat * Z).

Fixpoint picked (rows : list row) (c : refutation) : list (Z * row) :=
  match c with
  | [] => []
  | (n, k) :: c' =>
      match skipn n rows with
      | [] => []
      | r :: rest => (k, r) :: picked rest c'
      end
  end.

Definition combined (krs : list (Z * row)) : row :=
  add_all 64 (map (fun kr => scale_row (fst kr) (snd kr)) krs).

Definition absurd (r : row) : bool :=
  match form r with
  | [] => (bound r <? 0) || (strict r && (bound r =? 0))
  | _ => false
  end.

Definition refutes (c : refutation) (rows : list row) : bool :=
  let krs := picked rows c in
  forallb (fun kr => 0 <=? fst kr) krs && absurd (combined krs).

(** ** Soundness *)

Lemma value_term : forall x j a l, (value x (term j a l) == inject_Z a * x j + value x l)%Q.
Proof.
  intros. unfold term. destruct (Z.eqb_spec a 0); [subst; change (inject_Z 0) with 0%Q;
    ring | reflexivity].
Qed.

Lemma value_add : forall x p q, (value x (add p q) == value x p + value x q)%Q.
Proof.
  intros x p. induction p as [|[i a] p IHp]; intros q; [simpl; ring|].
  induction q as [|[j b] q IHq]; [simpl; ring|].
  simpl. destruct (Pos.compare_spec i j).
  - subst. rewrite value_term, IHp, inject_Z_plus. ring.
  - simpl. rewrite IHp. simpl. ring.
  - simpl in IHq. simpl. rewrite IHq. ring.
Qed.

Lemma value_scale : forall x k p, (value x (scale k p) == inject_Z k * value x p)%Q.
Proof.
  induction p as [|[j c] p IH]; simpl; [ring | rewrite IH, inject_Z_mult; ring].
Qed.

Lemma sat_add_rows : forall x r s, sat x r -> sat x s -> sat x (add_rows r s).
Proof.
  unfold sat, add_rows. simpl. intros x r s.
  destruct (strict r), (strict s); simpl; rewrite value_add, inject_Z_plus; lra.
Qed.

Lemma sat_scale_row : forall x k r, 0 <= k -> sat x r -> sat x (scale_row k r).
Proof.
  unfold sat, scale_row. simpl. intros x k r K S.
  destruct (Z.ltb_spec 0 k) as [P|N].
  - assert (0 < inject_Z k)%Q by (change 0%Q with (inject_Z 0); now rewrite <- Zlt_Qlt).
    destruct (strict r); simpl; rewrite value_scale, inject_Z_mult; nra.
  - assert (k = 0) by lia. subst k.
    rewrite andb_false_r, value_scale, inject_Z_mult. change (inject_Z 0) with 0%Q. lra.
Qed.

Lemma sat_zero : forall x, sat x (Row [] 0 false).
Proof. intros x. unfold sat. simpl. apply Qle_refl. Qed.

Lemma sat_add_pairs : forall x n l, (length l <= n)%nat ->
  Forall (sat x) l -> Forall (sat x) (add_pairs l).
Proof.
  induction n as [|n IH]; intros [|r [|s l]] L F; simpl in *; trivial; [lia..|].
  inversion F as [|? ? R F']; subst. inversion F' as [|? ? S F'']; subst.
  constructor; [now apply sat_add_rows | apply IH; [lia | assumption]].
Qed.

Lemma sat_fold : forall x l, Forall (sat x) l ->
  sat x (fold_right add_rows (Row [] 0 false) l).
Proof.
  induction 1; simpl; [apply sat_zero | now apply sat_add_rows].
Qed.

Lemma sat_add_all : forall x n l, Forall (sat x) l -> sat x (add_all n l).
Proof.
  induction n as [|n IH]; intros l F; [now apply sat_fold|].
  destruct l as [|r [|s l]]; try now apply sat_fold.
  apply IH. now apply (sat_add_pairs x (length (r :: s :: l))).
Qed.

Lemma sat_picked : forall x c rows, Forall (sat x) rows ->
  Forall (sat x) (map snd (picked rows c)).
Proof.
  intros x. induction c as [|[n k] c IH]; intros rows F; simpl; [constructor|].
  assert (G : Forall (sat x) (skipn n rows)).
  { rewrite <- (firstn_skipn n rows) in F. now apply Forall_app in F as [_ F]. }
  destruct (skipn n rows) as [|r rest]; simpl; [constructor|].
  inversion G; subst. constructor; auto.
Qed.

Lemma absurd_sound : forall x r, absurd r = true -> ~ sat x r.
Proof.
  intros x [[|t l] b s]; unfold absurd, sat; simpl; [|discriminate].
  change 0%Q with (inject_Z 0). intros A S.
  apply orb_prop in A as [A|A].
  - apply Z.ltb_lt in A. destruct s; [rewrite <- Zlt_Qlt in S | rewrite <- Zle_Qle in S]; lia.
  - apply andb_prop in A as [B A]. subst. apply Z.eqb_eq in A. rewrite <- Zlt_Qlt in S. lia.
Qed.

Theorem refutes_sound : forall c rows, refutes c rows = true ->
  forall x, ~ Forall (sat x) rows.
Proof.
  intros c rows R x F. unfold refutes in R. apply andb_prop in R as [N A].
  apply (absurd_sound x) in A. apply A. apply sat_add_all.
  pose proof (sat_picked x c rows F) as G. clear F A.
  induction (picked rows c) as [|[k r] krs IH]; simpl in *; constructor.
  - apply andb_prop in N as [K _]. apply Z.leb_le in K. inversion G; subst.
    now apply sat_scale_row.
  - apply andb_prop in N as [_ N]. inversion G; subst. now apply IH.
Qed.
