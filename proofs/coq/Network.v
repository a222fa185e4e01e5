(** * Networks of affine and ReLU layers over the rationals

    A vector is a list of rationals.  Equality of rationals is [==] ([1/2 == 2/4]), so
    vectors are compared by [eqv].  Coordinates count from 0.  *)

From Coq Require Import QArith List Lqa.
Import ListNotations.
Open Scope Q_scope.

Definition vec := list Q.
Definition eqv : vec -> vec -> Prop := Forall2 Qeq.

(** [dot a x] is the sum of [a_j x_j] over the indices that both have. *)
Fixpoint dot (a x : vec) : Q :=
  match a, x with
  | c :: a', y :: x' => c * y + dot a' x'
  | _, _ => 0
  end.

Definition relu (z : Q) : Q := if Qle_bool 0 z then z else 0.

(** A ReLU layer applies [relu] where its mask says [true] and lets the other coordinates
    pass: so skip connections are sequential networks. *)
Inductive layer :=
| Affine (rows : list (vec * Q))  (** one pair of weights and bias for each output *)
| ReLU (mask : list bool)
| Identity.

Definition network := list layer.

Definition relus (width : nat) : layer := ReLU (repeat true width).

Fixpoint relu_on (mask : list bool) (z : vec) : vec :=
  match z with
  | [] => []
  | a :: z' => (if hd false mask then relu a else a) :: relu_on (tl mask) z'
  end.

Definition apply (f : layer) (z : vec) : vec :=
  match f with
  | Affine rows => map (fun row => dot (fst row) z + snd row) rows
  | ReLU mask => relu_on mask z
  | Identity => z
  end.

Fixpoint eval (net : network) (x : vec) : vec :=
  match net with
  | [] => x
  | f :: fs => eval fs (apply f x)
  end.

(** The run of a network: its input and the value behind each layer. *)
Definition trace := list vec.

Fixpoint run (net : network) (x : vec) : trace :=
  match net with
  | [] => [x]
  | f :: fs => x :: run fs (apply f x)
  end.

Definition output (k : nat) (v : vec) : Q := nth k v 0.
Definition last_value (t : trace) : vec := last t [].

(** A polytope is given by rows [<a, x> <= b]. *)
Record polytope := { dimension : nat; constraints : list (vec * Q) }.

Definition inside (P : polytope) (x : vec) : Prop :=
  length x = dimension P /\ Forall (fun row => dot (fst row) x <= snd row) (constraints P).

(** [unit_row c j] is [c] times the [j]-th unit vector. *)
Definition unit_row (c : Q) (j : nat) : vec := repeat 0 j ++ [c].

Fixpoint box_rows (j : nat) (bounds : list (Q * Q)) : list (vec * Q) :=
  match bounds with
  | [] => []
  | (lower, upper) :: rest =>
      (unit_row (-(1)) j, - lower) :: (unit_row 1 j, upper) :: box_rows (S j) rest
  end.

Definition box (bounds : list (Q * Q)) : polytope :=
  {| dimension := length bounds; constraints := box_rows 0 bounds |}.

Definition between (bounds : Q * Q) (y : Q) : Prop := fst bounds <= y /\ y <= snd bounds.

(** ** Facts *)

Lemma relu_cases : forall z, (z <= 0 /\ relu z == 0) \/ (0 <= z /\ relu z == z).
Proof.
  intros z. unfold relu. destruct (Qle_bool 0 z) eqn:E.
  - right. split; [now apply Qle_bool_iff | reflexivity].
  - left. split; [|reflexivity]. apply Qlt_le_weak, Qnot_le_lt. intros H.
    apply Qle_bool_iff in H. congruence.
Qed.

Global Instance relu_proper : Proper (Qeq ==> Qeq) relu.
Proof.
  intros u v E. destruct (relu_cases u) as [[? ->]|[? ->]],
    (relu_cases v) as [[? ->]|[? ->]]; lra.
Qed.

Lemma eqv_refl : forall v, eqv v v.
Proof. induction v; constructor; [reflexivity | assumption]. Qed.

Lemma eqv_sym : forall u v, eqv u v -> eqv v u.
Proof. induction 1; constructor; [now symmetry | assumption]. Qed.

Lemma eqv_trans : forall u v w, eqv u v -> eqv v w -> eqv u w.
Proof.
  intros u v w E. revert w. induction E; intros w F; inversion F; subst; constructor.
  - etransitivity; eassumption.
  - now apply IHE.
Qed.

Lemma dot_compat : forall a u v, eqv u v -> dot a u == dot a v.
Proof.
  induction a as [|c a IH]; intros u v E; [reflexivity|].
  destruct E as [|y z u v Y E]; simpl; [reflexivity|]. now rewrite Y, (IH u v E).
Qed.

Lemma apply_compat : forall f u v, eqv u v -> eqv (apply f u) (apply f v).
Proof.
  intros [rows|mask|] u v E; simpl; trivial.
  - induction rows as [|r rows IH]; simpl; constructor; [|assumption].
    now rewrite (dot_compat (fst r) u v E).
  - revert mask. induction E as [|y z u v Y E IH]; intros mask; simpl; constructor; [|apply IH].
    destruct (hd false mask); now rewrite Y.
Qed.

Lemma eval_compat : forall net u v, eqv u v -> eqv (eval net u) (eval net v).
Proof. induction net; intros u v E; simpl; [assumption|]. now apply IHnet, apply_compat. Qed.

Lemma output_compat : forall k u v, eqv u v -> output k u == output k v.
Proof.
  unfold output. intros k u v E. revert k.
  induction E; intros [|k]; simpl; try reflexivity; auto.
Qed.

Lemma eval_app : forall fs gs x, eval (fs ++ gs) x = eval gs (eval fs x).
Proof. induction fs; simpl; auto. Qed.

Lemma last_run : forall net x, last_value (run net x) = eval net x.
Proof.
  unfold last_value. induction net as [|f fs IH]; intros x; [reflexivity|].
  simpl. rewrite <- IH. now destruct fs.
Qed.

Lemma dot_unit_row : forall c j x, dot (unit_row c j) x == c * nth j x 0.
Proof.
  unfold unit_row. induction j as [|j IH]; intros [|y x]; simpl; try ring.
  rewrite IH. ring.
Qed.

Lemma box_rows_spec : forall bounds x pre,
  length x = length bounds ->
  (Forall (fun row => dot (fst row) (pre ++ x) <= snd row) (box_rows (length pre) bounds)
   <-> Forall2 between bounds x).
Proof.
  induction bounds as [|[l u] bounds IH]; intros [|y x] pre E; simpl in E; try discriminate.
  - simpl. split; constructor.
  - simpl. injection E as E.
    specialize (IH x (pre ++ [y]) E). rewrite app_length, <- app_assoc in IH. simpl in IH.
    rewrite PeanoNat.Nat.add_1_r in IH.
    assert (N : nth (length pre) (pre ++ y :: x) 0 = y) by
      (rewrite app_nth2, PeanoNat.Nat.sub_diag; [reflexivity | apply le_n]).
    rewrite !Forall_cons_iff. simpl. rewrite !dot_unit_row, N, IH. unfold between.
    split.
    + intros (L & U & F). constructor; [|assumption]. simpl. split.
      * setoid_replace (-(1) * y) with (- y) in L by ring. apply Qopp_le_compat in L.
        now rewrite !Qopp_involutive in L.
      * now rewrite Qmult_1_l in U.
    + intros F. inversion F as [|? ? ? ? [L U] F']; subst. simpl in *. repeat split; trivial.
      * setoid_replace (-(1) * y) with (- y) by ring. now apply Qopp_le_compat.
      * now rewrite Qmult_1_l.
Qed.

Theorem inside_box : forall bounds x, inside (box bounds) x <-> Forall2 between bounds x.
Proof.
  intros bounds x. unfold inside, box. simpl. split.
  - intros [E F]. now apply (box_rows_spec bounds x []).
  - intros F. assert (E : length x = length bounds) by (induction F; simpl; congruence).
    split; [assumption|]. now apply (box_rows_spec bounds x []).
Qed.
