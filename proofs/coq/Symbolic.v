(** * The values of a network as affine forms in its inputs and neurons

    Each input and each output of a ReLU neuron is a variable.  All other values of the
    network are affine in these: identity and affine layers need no variables. *)

From Coq Require Import ZArith QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Farkas Traces.
Import ListNotations.
Open Scope Z_scope.

(** [(l + c) / d] *)
Record affine := Aff { linear_part : linear; constant : Z; denominator : positive }.

Definition represents (x : point) (f : affine) (v : Q) : Prop :=
  (inject_Z (Zpos (denominator f)) * v
   == value x (linear_part f) + inject_Z (constant f))%Q.

Definition variable (j : positive) : affine := Aff [(j, 1)] 0 1.

Definition constantly (q : Q) : affine := Aff [] (Qnum q) (Qden q).

(** [w f + g] *)
Definition add_multiple (w : Q) (f g : affine) : affine :=
  if Qnum w =? 0 then g
  else
    let '(_, (d, p)) := Pos.ggcd (Qden w * denominator f) (denominator g) in
    let k := Zpos p * Qnum w in
    Aff (add (scale k (linear_part f)) (scale (Zpos d) (linear_part g)))
        (k * constant f + Zpos d * constant g) (Qden w * denominator f * p).

Fixpoint add_dot (a : vec) (fs : list affine) (g : affine) : affine :=
  match a, fs with
  | w :: a', f :: fs' => add_multiple w f (add_dot a' fs' g)
  | _, _ => g
  end.

(** The rows [f <= 0] and [f < 0]. *)
Definition not_positive (f : affine) : row := Row (linear_part f) (- constant f) false.
Definition negative (f : affine) : row := Row (linear_part f) (- constant f) true.

(** A neuron: the form before its ReLU, and the variable behind it. *)
Definition neuron := (affine * positive)%type.

Fixpoint relu_forms (mask : list bool) (fs : list affine) (next : positive)
  : list affine * list neuron * positive :=
  match fs with
  | [] => ([], [], next)
  | f :: fs' =>
      if hd false mask then
        let '(gs, ns, n) := relu_forms (tl mask) fs' (Pos.succ next) in
        (variable next :: gs, (f, next) :: ns, n)
      else let '(gs, ns, n) := relu_forms (tl mask) fs' next in (f :: gs, ns, n)
  end.

Definition layer_forms (f : layer) (fs : list affine) (next : positive)
  : list affine * list neuron * positive :=
  match f with
  | Affine rows => (map (fun r => add_dot (fst r) fs (constantly (snd r))) rows, [], next)
  | ReLU mask => relu_forms mask fs next
  | Identity => (fs, [], next)
  end.

Fixpoint input_forms (dim : nat) (next : positive) : list affine :=
  match dim with
  | O => []
  | S n => variable next :: input_forms n (Pos.succ next)
  end.

Definition constraint_row (fs : list affine) (r : vec * Q) : row :=
  not_positive (add_dot (fst r) fs (constantly (- snd r))).

(** ** Soundness of the forms *)

Lemma inject_Z_pos : forall d, (0 < inject_Z (Zpos d))%Q.
Proof. intros d. change 0%Q with (inject_Z 0). now rewrite <- Zlt_Qlt. Qed.

Lemma numerator : forall n d, (inject_Z (Zpos d) * (n # d) == inject_Z n)%Q.
Proof. intros n d. unfold Qeq, Qmult, inject_Z. cbn [Qnum Qden]. lia. Qed.

Lemma represents_compat : forall x f u v, (u == v)%Q -> represents x f u -> represents x f v.
Proof. unfold represents. intros x f u v E R. now rewrite <- E. Qed.

Lemma represents_variable : forall x j v, (x j == v)%Q -> represents x (variable j) v.
Proof.
  unfold represents. simpl. intros x j v E. rewrite <- E.
  change (inject_Z 1) with 1%Q. change (inject_Z 0) with 0%Q. ring.
Qed.

Lemma represents_constantly : forall x q, represents x (constantly q) q.
Proof.
  intros x [n d]. unfold represents, constantly.
  cbn [value linear_part constant denominator Qnum Qden].
  rewrite numerator. ring.
Qed.

Lemma represents_add_multiple : forall x w f g u v,
  represents x f u -> represents x g v -> represents x (add_multiple w f g) (w * u + v).
Proof.
  intros x [n e] f g u v F G. unfold add_multiple. simpl Qnum. simpl Qden.
  destruct (Z.eqb_spec n 0) as [Z|Z].
  - subst. apply (represents_compat x g v); [|assumption].
    assert (N : (0 # e == 0)%Q) by reflexivity. rewrite N. ring.
  - pose proof (Pos.ggcd_correct_divisors (e * denominator f) (denominator g)) as D.
    destruct (Pos.ggcd _ _) as [c [d p]]. destruct D as [D1 D2].
    unfold represents in *. cbn [linear_part constant denominator].
    rewrite value_add, !value_scale, !inject_Z_plus, !inject_Z_mult.
    pose proof (numerator n e) as E.
    assert (D : (inject_Z (Zpos (e * denominator f * p))
                 == inject_Z (Zpos (denominator g)) * inject_Z (Zpos d))%Q).
    { rewrite <- inject_Z_mult, D2, D1, !Pos2Z.inj_mul. apply inject_Z_injective. ring. }
    set (W := (n # e)%Q) in *.
    setoid_replace (inject_Z (Zpos (e * denominator f * p)) * (W * u + v))%Q
      with (inject_Z (Zpos p) * (inject_Z (Zpos e) * W) * (inject_Z (Zpos (denominator f)) * u)
            + inject_Z (Zpos (e * denominator f * p)) * v)%Q.
    2: { rewrite !Pos2Z.inj_mul, !inject_Z_mult. ring. }
    rewrite D, E, F.
    setoid_replace (inject_Z (Zpos (denominator g)) * inject_Z (Zpos d) * v)%Q
      with (inject_Z (Zpos d) * (inject_Z (Zpos (denominator g)) * v))%Q by ring.
    rewrite G. ring.
Qed.

Lemma represents_add_dot : forall x a fs g z v, Forall2 (represents x) fs z ->
  represents x g v -> represents x (add_dot a fs g) (dot a z + v).
Proof.
  intros x. induction a as [|w a IH]; intros fs g z v F G.
  - simpl. apply (represents_compat x g v); [ring | assumption].
  - destruct F as [|f y fs z' R F]; simpl.
    + apply (represents_compat x g v); [ring | assumption].
    + apply (represents_compat _ _ (w * y + (dot a z' + v))%Q); [ring|].
      now apply represents_add_multiple, IH.
Qed.

Lemma Forall2_represents_compat : forall x fs z y, eqv y z ->
  Forall2 (represents x) fs z -> Forall2 (represents x) fs y.
Proof.
  intros x fs z y E F. revert y E. induction F; intros y' E; inversion E; subst; constructor.
  - eapply represents_compat; [symmetry|]; eassumption.
  - now apply IHF.
Qed.

Lemma sat_not_positive : forall x f v, represents x f v ->
  (sat x (not_positive f) <-> (v <= 0)%Q).
Proof.
  intros x f v R. unfold sat, not_positive, represents in *. simpl.
  pose proof (inject_Z_pos (denominator f)) as P. rewrite inject_Z_opp.
  split; intros H; nra.
Qed.

Lemma sat_negative : forall x f v, represents x f v -> (sat x (negative f) <-> (v < 0)%Q).
Proof.
  intros x f v R. unfold sat, negative, represents in *. simpl.
  pose proof (inject_Z_pos (denominator f)) as P. rewrite inject_Z_opp.
  split; intros H; nra.
Qed.

Lemma sat_constraint_row : forall x fs z r, Forall2 (represents x) fs z ->
  (dot (fst r) z <= snd r)%Q -> sat x (constraint_row fs r).
Proof.
  intros x fs z r F D. unfold constraint_row.
  apply (sat_not_positive x _ (dot (fst r) z + - snd r)); [|lra].
  apply represents_add_dot; [assumption | apply represents_constantly].
Qed.

Lemma input_forms_sound : forall v x next, reads x next v ->
  Forall2 (represents x) (input_forms (length v) next) v.
Proof.
  induction v as [|a v IH]; simpl; intros x next R; constructor.
  - now apply represents_variable.
  - now apply IH.
Qed.

(** A neuron of the forms [fs] behaves as [R] says. *)
Definition behaves (x : point) (R : nat -> Q -> Q -> Prop) (fs : list affine) (n : neuron)
  : Prop :=
  exists j a b, nth_error fs j = Some (fst n) /\ represents x (fst n) a
                /\ (x (snd n) == b)%Q /\ R j a b.

Lemma relu_forms_sound : forall x fs z, Forall2 (represents x) fs z ->
  forall R k mask next y gs ns n, relu_forms mask fs next = (gs, ns, n) ->
  relu_step R k mask z y -> reads x next (masked mask y) ->
  Forall2 (represents x) gs y /\ n = after next (masked mask y)
  /\ Forall (behaves x (fun j => R (k + j)%nat) fs) ns.
Proof.
  intros x fs z F. induction F as [|f a fs z' H F IH];
    intros R k mask next [|b y] gs ns n E T V; simpl in T; try contradiction.
  - simpl in E. injection E as <- <- <-. repeat split; constructor.
  - destruct T as [T T']. simpl in E, V. simpl masked. destruct (hd false mask).
    + destruct (relu_forms (tl mask) fs (Pos.succ next)) as [[gs' ns'] n'] eqn:E'.
      injection E as <- <- <-. simpl in V. destruct V as [V V'].
      destruct (IH _ _ _ _ _ _ _ _ E' T' V') as (G & A & B).
      repeat split.
      * constructor; [now apply represents_variable | assumption].
      * exact A.
      * constructor.
        -- exists 0%nat, a, b. simpl. rewrite PeanoNat.Nat.add_0_r. auto.
        -- eapply Forall_impl; [|exact B]. intros m (j & a' & b' & M).
           exists (S j), a', b'. simpl. now rewrite PeanoNat.Nat.add_succ_r.
    + destruct (relu_forms (tl mask) fs next) as [[gs' ns'] n'] eqn:E'.
      injection E as <- <- <-. simpl in V.
      destruct (IH _ _ _ _ _ _ _ _ E' T' V) as (G & A & B).
      repeat split.
      * constructor; [now apply (represents_compat x f a) | assumption].
      * exact A.
      * eapply Forall_impl; [|exact B]. intros m (j & a' & b' & M).
        exists (S j), a', b'. simpl. now rewrite PeanoNat.Nat.add_succ_r.
Qed.

Lemma layer_forms_sound : forall x R f fs z y next gs ns n,
  layer_forms f fs next = (gs, ns, n) -> Forall2 (represents x) fs z ->
  step R f z y -> reads x next (new_values f y) ->
  Forall2 (represents x) gs y /\ n = after next (new_values f y)
  /\ Forall (behaves x R fs) ns.
Proof.
  intros x R [rows|mask|] fs z y next gs ns n E F T V; simpl in *.
  - injection E as <- <- <-. repeat split; [|constructor].
    apply (Forall2_represents_compat _ _ _ _ T). clear T V.
    induction rows as [|r rows IH]; simpl; constructor; [|assumption].
    apply represents_add_dot; [assumption | apply represents_constantly].
  - now apply (relu_forms_sound x fs z F R 0 mask next y gs ns n).
  - injection E as <- <- <-. repeat split; [|constructor].
    now apply (Forall2_represents_compat _ _ _ _ T).
Qed.
