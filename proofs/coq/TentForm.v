(** * Theorem 3.3 and its pumping, in the form of a tent

    [T (relu (1 - 2 relu t) + relu (1 - 2 relu (-t)))] with [t = (2 x_0 - a - b) / (b - a)] and
    [m] identity layers behind the first ReLU layer: a 1-2-2-1 network for [m = 0]. *)

From Coq Require Import QArith List Lqa Lia.
From Polyrelax Require Import Network Relaxation Attained Theorem33 Lemma41 Theorem42.
Import ListNotations.
Open Scope Q_scope.

Definition tent_front (a b : Q) : network :=
  [ Affine [([2 / (b - a)], - (a + b) / (b - a)); ([- (2 / (b - a))], (a + b) / (b - a))];
    relus 2 ].

Definition tent_middle : network := [ Affine [([-(2); 0], 1); ([0; -(2)], 1)] ].

Definition tent_back (T : Q) : network := [ relus 2; Affine [([T; T], 0)] ].

Definition tent_of (m : nat) (a b T : Q) : network :=
  tent_front a b ++ (repeat Identity m ++ tent_middle) ++ tent_back T.

Lemma front_value : forall a b x t, a < b -> t == (2 * first x - a - b) / (b - a) ->
  eqv (eval (tent_front a b) x) [relu t; relu (- t)].
Proof.
  intros a b x t L E.
  pose proof (dot_one (2 / (b - a)) x) as D. pose proof (dot_one (- (2 / (b - a))) x) as D'.
  assert (A : dot [2 / (b - a)] x + - (a + b) / (b - a) == t) by (rewrite D, E; field; lra).
  assert (B : dot [- (2 / (b - a))] x + (a + b) / (b - a) == - t)
    by (rewrite D', E; field; lra).
  change (eval (tent_front a b) x) with
    [relu (dot [2 / (b - a)] x + - (a + b) / (b - a));
     relu (dot [- (2 / (b - a))] x + (a + b) / (b - a))].
  repeat constructor; [now rewrite A | now rewrite B].
Qed.

Lemma back_value : forall T u w, output 0 (eval (tent_middle ++ tent_back T) [u; w])
  == T * (relu (1 - 2 * u) + relu (1 - 2 * w)).
Proof.
  intros T u w.
  change (T * relu (-(2) * u + (0 * w + 0) + 1) + (T * relu (0 * u + (-(2) * w + 0) + 1) + 0) + 0
          == T * (relu (1 - 2 * u) + relu (1 - 2 * w))).
  assert (A : -(2) * u + (0 * w + 0) + 1 == 1 - 2 * u) by ring.
  assert (B : 0 * u + (-(2) * w + 0) + 1 == 1 - 2 * w) by ring.
  rewrite A, B. ring.
Qed.

Lemma tent_of_value : forall m a b T x t, a < b -> t == (2 * first x - a - b) / (b - a) ->
  output 0 (eval (tent_of m a b T) x)
  == T * (relu (1 - 2 * relu t) + relu (1 - 2 * relu (- t))).
Proof.
  intros m a b T x t L E. unfold tent_of. rewrite !eval_app, eval_identities, <- eval_app.
  rewrite <- back_value. apply output_compat, eval_compat. now apply front_value.
Qed.

(** The hulls of the layers, and windows of [r] layers with [r] at most [m + 2], admit 0; the
    minimum is [T].  With [m = 0] windows of two layers do, with [m = 1] windows of three. *)
Theorem tent_is_arbitrarily_imprecise : forall (X : set) (a b T : Q) (m r : nat),
  a < b -> first_ranges X a b -> 0 < T -> (r <= m + 2)%nat ->
  exact_minimum X (tent_of m a b T) 0 T /\ admits (P r) X (tent_of m a b T) 0 0.
Proof.
  intros X a b T m r L (_ & (p & I & A) & (q & J & B)) H R. split; [split|].
  - intros x _. rewrite (tent_of_value m a b T x _ L (Qeq_refl _)).
    set (t := (2 * first x - a - b) / (b - a)).
    enough (1 <= relu (1 - 2 * relu t) + relu (1 - 2 * relu (- t))) by nra.
    destruct (relu_cases t) as [[? S]|[? S]], (relu_cases (- t)) as [[? U]|[? U]];
      destruct (relu_cases (1 - 2 * relu t)) as [[? V]|[? V]],
               (relu_cases (1 - 2 * relu (- t))) as [[? W]|[? W]]; lra.
  - exists p. split; [assumption|].
    assert (E : -(1) == (2 * first p - a - b) / (b - a)) by (rewrite A; field; lra).
    rewrite (tent_of_value m a b T p _ L E).
    assert (N : relu (1 - 2 * relu (-(1))) + relu (1 - 2 * relu (- -(1))) == 1) by reflexivity.
    rewrite N. ring.
  - destruct (windows_admit_values_on_the_hull X (tent_front a b)
      (repeat Identity m ++ tent_middle) (tent_back T) r [1 # 2; 1 # 2] [p; q]) as (t & G & V).
    + discriminate.
    + apply Forall_app. split; [|repeat constructor].
      apply Forall_forall. intros f F. apply repeat_spec in F. now subst f.
    + rewrite app_length, repeat_length. simpl. lia.
    + split; [repeat constructor; discriminate | reflexivity].
    + reflexivity.
    + now repeat constructor.
    + exists t. split; [exact G|]. rewrite V, !eval_app, eval_identities, <- eval_app.
      assert (EP : -(1) == (2 * first p - a - b) / (b - a)) by (rewrite A; field; lra).
      assert (EQ : 1 == (2 * first q - a - b) / (b - a)) by (rewrite B; field; lra).
      assert (M : eqv (mix [1 # 2; 1 # 2] (map (eval (tent_front a b)) [p; q]))
                    [1 # 2; 1 # 2]).
      { cbn [map mix].
        apply (eqv_trans _ (add_vec (half [relu (-(1)); relu (- -(1))])
                              (add_vec (half [relu 1; relu (- (1))]) []))).
        - apply add_vec_compat; [now apply half_compat, front_value|].
          apply add_vec_compat; [now apply half_compat, front_value | constructor].
        - now apply eqv_sound. }
      rewrite (output_compat 0 _ _ (eval_compat _ _ _ M)), back_value.
      assert (N : relu (1 - 2 * (1 # 2)) + relu (1 - 2 * (1 # 2)) == 0) by reflexivity.
      rewrite N. ring.
Qed.
