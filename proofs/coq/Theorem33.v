(** * The hull of each layer is arbitrarily imprecise

    For every set [X] of vectors whose first coordinate ranges over [a, b] with [a < b], and
    every [T > 0], there are networks [f] and [g] with [min f(X) - T] admitted by the hulls of
    the layers of [f], and [max g(X) + T] by those of [g].

    With [t = (2 x_0 - a - b) / (b - a)] the first ReLU layer has the values
    [(relu (t + 1), relu t)], a broken line from (0, 0) over (1, 0) to (2, 1), and
    [f = 2T |y_0 - 1| + 2T |y_1 - 1/2|] vanishes at (1, 1/2), the middle of (0, 0)
    and (2, 1). *)

From Coq Require Import QArith List Lqa.
From Polyrelax Require Import Network Relaxation Attained.
Import ListNotations.
Open Scope Q_scope.

(** [2T |y_0 - 1| + 2T |y_1 - 1/2|] of [y] behind [t + 1, t], with [T] positive or negative. *)
Definition bent (a b T : Q) : network :=
  [ Affine [([2 / (b - a)], - (a + b) / (b - a) + 1); ([2 / (b - a)], - (a + b) / (b - a))];
    relus 2;
    Affine [([1], -(1)); ([-(1)], 1); ([0; 1], -(1 # 2)); ([0; -(1)], 1 # 2)];
    relus 4;
    Affine [([2 * T; 2 * T; 2 * T; 2 * T], 0)] ].

Definition first (x : vec) : Q := nth 0 x 0.

(** [X] reaches [a] and [b] in its first coordinate, and nothing outside. *)
Definition first_ranges (X : set) (a b : Q) : Prop :=
  (forall x, X x -> a <= first x <= b)
  /\ (exists x, X x /\ first x == a) /\ (exists x, X x /\ first x == b).

(** ** The values of [bent] *)

Definition bend (t : Q) : Q :=
  relu (relu (t + 1) - 1) + relu (1 - relu (t + 1))
  + relu (relu t - (1 # 2)) + relu ((1 # 2) - relu t).

Global Instance bend_proper : Proper (Qeq ==> Qeq) bend.
Proof. intros u v E. unfold bend. now rewrite E. Qed.

Lemma dot_one : forall c x, dot [c] x == c * first x.
Proof. intros c [|y x]; simpl; unfold first; simpl; ring. Qed.

Lemma bent_value : forall a b T x, a < b ->
  output 0 (eval (bent a b T) x) == 2 * T * bend ((2 * first x - a - b) / (b - a)).
Proof.
  intros a b T x L. assert (N : ~ b - a == 0) by lra.
  pose proof (dot_one (2 / (b - a)) x) as D.
  change (eval (bent a b T) x) with (eval (tl (bent a b T))
    [dot [2 / (b - a)] x + (- (a + b) / (b - a) + 1);
      dot [2 / (b - a)] x + - (a + b) / (b - a)]).
  generalize dependent (dot [2 / (b - a)] x). intros d D.
  unfold bent, bend, output, eval, apply, relus.
  cbn [map fst snd repeat relu_on hd tl dot nth].
  assert (E0 : d + (- (a + b) / (b - a) + 1) == (2 * first x - a - b) / (b - a) + 1)
    by (rewrite D; field; exact N).
  assert (E1 : d + - (a + b) / (b - a) == (2 * first x - a - b) / (b - a))
    by (rewrite D; field; exact N).
  rewrite E0, E1. set (t := (2 * first x - a - b) / (b - a)).
  set (p := relu (t + 1)). set (q := relu t).
  assert (R0 : 1 * p + 0 + -(1) == p - 1) by ring.
  assert (R1 : -(1) * p + 0 + 1 == 1 - p) by ring.
  assert (R2 : 0 * p + (1 * q + 0) + -(1 # 2) == q - (1 # 2)) by ring.
  assert (R3 : 0 * p + (-(1) * q + 0) + (1 # 2) == (1 # 2) - q) by ring.
  rewrite R0, R1, R2, R3. ring.
Qed.

Lemma bend_at_least : forall t, 1 # 2 <= bend t.
Proof.
  intros t. unfold bend.
  destruct (relu_cases (t + 1)) as [[? P]|[? P]]; rewrite !P; clear P;
    destruct (relu_cases t) as [[? R]|[? R]]; rewrite !R; clear R;
    repeat match goal with
    | |- context [relu ?z] => destruct (relu_cases z) as [[? ->]|[? ->]]
    end; lra.
Qed.

Lemma bend_half : bend (1 # 2) == 1 # 2.
Proof. reflexivity. Qed.

(** ** The point of the hulls that is no value *)

Definition half (v : vec) : vec := map (Qmult (1 # 2)) v.

Definition spurious (p q : vec) : trace :=
  [ add_vec (half p) (half q); [1; 0]; [1; 1 # 2]; [0; 0; 0; 0]; [0; 0; 0; 0]; [0] ].

Lemma half_compat : forall v v', eqv v v' -> eqv (half v) (half v').
Proof. induction 1 as [|c d v v' E]; simpl; constructor; [now rewrite E | assumption]. Qed.

Lemma first_layer : forall a b x y, a < b -> y == (2 * first x - a - b) / (b - a) ->
  eqv [y + 1; y] [dot [2 / (b - a)] x + (- (a + b) / (b - a) + 1);
                  dot [2 / (b - a)] x + - (a + b) / (b - a)].
Proof.
  intros a b x y L E. pose proof (dot_one (2 / (b - a)) x) as D.
  repeat constructor; rewrite D, E; field; lra.
Qed.

Lemma spurious_admitted : forall (X : set) a b T p q, a < b -> X p -> X q ->
  first p == a -> first q == b -> P 1 X (bent a b T) (spurious p q).
Proof.
  intros X a b T p q L P Q A B.
  pose proof (first_layer a b p (-(1)) L) as FP.
  pose proof (first_layer a b q 1 L) as FQ.
  assert (EP : -(1) == (2 * first p - a - b) / (b - a)) by (rewrite A; field; lra).
  assert (EQ : 1 == (2 * first q - a - b) / (b - a)) by (rewrite B; field; lra).
  specialize (FP EP). specialize (FQ EQ).
  unfold bent, spurious.
  set (f0 := Affine [([2 / (b - a)], _); _]).
  set (f1 := relus 2).
  set (f2 := Affine [([1], -(1)); _; _; _]).
  set (f3 := relus 4).
  set (f4 := Affine [([2 * T; _; _; _], 0)]).
  cbn [Relaxation.P length Nat.leb firstn tl].
  set (D1 := hull_behind f0 X). set (D2 := hull_behind f1 D1).
  set (D3 := hull_behind f2 D2). set (D4 := hull_behind f3 D3).
  assert (D1p : D1 [-(1) + 1; -(1)]) by (now apply (hull_behind_value f0 X p)).
  assert (D1q : D1 [1 + 1; 1]) by (now apply (hull_behind_value f0 X q)).
  assert (D2p : D2 [0; 0]).
  { apply (hull_behind_value f1 D1 _ _ D1p). now apply eqv_sound. }
  assert (D2q : D2 [2; 1]).
  { apply (hull_behind_value f1 D1 _ _ D1q). now apply eqv_sound. }
  assert (D3m : D3 [0; 0; 0; 0]).
  { apply (conv_middle _ [apply f2 [0; 0]] [apply f2 [2; 1]]).
    - now exists [0; 0].
    - now exists [2; 1].
    - now apply same_trace_sound. }
  assert (D4m : D4 [0; 0; 0; 0]).
  { apply (hull_behind_value f3 D3 _ _ D3m). now apply eqv_sound. }
  repeat split.
  - apply (conv_middle _ (run [f0] p) (run [f0] q)); [now exists p | now exists q |].
    constructor; [apply eqv_refl|]. constructor; [|constructor].
    apply (eqv_trans _ (add_vec (half [-(1) + 1; -(1)]) (half [1 + 1; 1])));
      [now apply eqv_sound | now apply add_vec_compat; apply half_compat].
  - apply (conv_middle _ (run [f1] [-(1) + 1; -(1)]) (run [f1] [1 + 1; 1])).
    + now exists [-(1) + 1; -(1)].
    + now exists [1 + 1; 1].
    + now apply same_trace_sound.
  - apply (conv_middle _ (run [f2] [0; 0]) (run [f2] [2; 1])).
    + now exists [0; 0].
    + now exists [2; 1].
    + now apply same_trace_sound.
  - apply (conv_middle _ (run [f3] [0; 0; 0; 0]) (run [f3] [0; 0; 0; 0])).
    + now exists [0; 0; 0; 0].
    + now exists [0; 0; 0; 0].
    + now apply same_trace_sound.
  - apply (conv_middle _ (run [f4] [0; 0; 0; 0]) (run [f4] [0; 0; 0; 0])).
    + now exists [0; 0; 0; 0].
    + now exists [0; 0; 0; 0].
    + repeat constructor; simpl; ring.
Qed.

Lemma bent_attained : forall a b T x, a < b -> first x == a + (3 # 4) * (b - a) ->
  output 0 (eval (bent a b T) x) == T.
Proof.
  intros a b T x L E. rewrite bent_value by assumption. rewrite E.
  assert (H : (2 * (a + (3 # 4) * (b - a)) - a - b) / (b - a) == 1 # 2) by (field; lra).
  rewrite H, bend_half. ring.
Qed.

(** ** The theorem *)

Theorem hull_of_layers_is_arbitrarily_imprecise : forall (X : set) (a b T : Q),
  a < b -> first_ranges X a b -> 0 < T ->
  (exists f, exists l, admits (P 1) X f 0 l
             /\ forall x, X x -> l + T <= output 0 (eval f x))
  /\ (exists g, exists u, admits (P 1) X g 0 u
                /\ forall x, X x -> output 0 (eval g x) <= u - T).
Proof.
  intros X a b T L (_ & (p & P & A) & (q & Q & B)) H. split.
  - exists (bent a b T), 0. split.
    + exists (spurious p q). split; [now apply spurious_admitted | reflexivity].
    + intros x _. rewrite bent_value by assumption.
      pose proof (bend_at_least ((2 * first x - a - b) / (b - a))). nra.
  - exists (bent a b (- T)), 0. split.
    + exists (spurious p q). split; [now apply spurious_admitted | reflexivity].
    + intros x _. rewrite bent_value by assumption.
      pose proof (bend_at_least ((2 * first x - a - b) / (b - a))). nra.
Qed.

(** On a set that reaches every value between [a] and [b], as convex ones do, the minimum of
    [f] is [T], and the hulls of the layers admit 0. *)

Corollary minimum_is_missed_by_T : forall (X : set) (a b T : Q),
  a < b -> first_ranges X a b -> (exists x, X x /\ first x == a + (3 # 4) * (b - a)) -> 0 < T ->
  exact_minimum X (bent a b T) 0 T /\ admits (P 1) X (bent a b T) 0 0.
Proof.
  intros X a b T L (_ & (p & P & A) & (q & Q & B)) (x & I & E) H. repeat split.
  - intros y _. rewrite bent_value by assumption.
    pose proof (bend_at_least ((2 * first y - a - b) / (b - a))). nra.
  - exists x. split; [assumption | now apply bent_attained].
  - exists (spurious p q). split; [now apply spurious_admitted | reflexivity].
Qed.
