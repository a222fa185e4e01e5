(** * No depth-dependent radius below the full depth helps

    For every [alpha < 1] and [T > 0] there are a number [m] and a network of [L = 5 + m]
    layers on which windows of [max 1 (floor (alpha L))] layers admit an output that is [T]
    below the minimum, and one on which they admit an output that is [T] above the maximum. *)

From Coq Require Import QArith Qround ZArith List Lqa Lia.
From Polyrelax Require Import Network Relaxation Attained Theorem33 Lemma41.
Import ListNotations.
Open Scope Q_scope.

Definition radius (alpha : Q) (depth : nat) : nat :=
  Nat.max 1 (Z.to_nat (Qfloor (alpha * inject_Z (Z.of_nat depth)))).

(** The network of Theorem 3.3 with [m] identities behind its first ReLU layer. *)
Definition pumped (m : nat) (a b T : Q) : network :=
  firstn 2 (bent a b T) ++ (repeat Identity m ++ firstn 1 (skipn 2 (bent a b T)))
  ++ skipn 3 (bent a b T).

Lemma length_pumped : forall m a b T, length (pumped m a b T) = (5 + m)%nat.
Proof.
  intros. unfold pumped. rewrite !app_length, repeat_length. simpl. lia.
Qed.

Lemma eval_identities : forall m x, eval (repeat Identity m) x = x.
Proof. induction m; simpl; auto. Qed.

Lemma eval_pumped : forall m a b T x, eval (pumped m a b T) x = eval (bent a b T) x.
Proof.
  intros. unfold pumped. rewrite !eval_app, eval_identities. reflexivity.
Qed.

Lemma radius_small : forall alpha, alpha < 1 -> exists m, (radius alpha (5 + m) <= m + 2)%nat.
Proof.
  intros [n d] L. exists (2 * Pos.to_nat d)%nat. unfold radius.
  apply PeanoNat.Nat.max_lub; [lia|]. set (m := (2 * Pos.to_nat d)%nat).
  assert (F : (Qfloor ((n # d) * inject_Z (Z.of_nat (5 + m))) <= Z.of_nat (m + 2))%Z).
  { apply Z.lt_succ_r. rewrite Zlt_Qlt.
    apply Qle_lt_trans with ((n # d) * inject_Z (Z.of_nat (5 + m))); [apply Qfloor_le|].
    unfold Qlt in *. cbn [Qnum Qden inject_Z Qmult] in *. subst m. nia. }
  lia.
Qed.

Lemma middle_of_first_values : forall a b p q, a < b -> first p == a -> first q == b ->
  forall T, eqv (mix [1 # 2; 1 # 2] (map (eval (firstn 2 (bent a b T))) [p; q])) [1; 1 # 2].
Proof.
  intros a b p q L A B T.
  assert (E : forall x y, y == (2 * first x - a - b) / (b - a) ->
            eqv (eval (firstn 2 (bent a b T)) x) (relu_on [true; true] [y + 1; y])).
  { intros x y Y. apply eqv_sym. exact (apply_compat (relus 2) _ _ (first_layer a b x y L Y)). }
  pose proof (E p (-(1))) as P. pose proof (E q 1) as Q.
  assert (EP : -(1) == (2 * first p - a - b) / (b - a)) by (rewrite A; field; lra).
  assert (EQ : 1 == (2 * first q - a - b) / (b - a)) by (rewrite B; field; lra).
  specialize (P EP). specialize (Q EQ). cbn [map mix].
  apply (eqv_trans _ (add_vec (half (relu_on [true; true] [-(1) + 1; -(1)]))
                        (add_vec (half (relu_on [true; true] [1 + 1; 1])) []))).
  - apply add_vec_compat; [now apply half_compat|].
    apply add_vec_compat; [now apply half_compat | constructor].
  - now apply eqv_sound.
Qed.

Lemma windows_admit_zero : forall (X : set) (a b T : Q) (m r : nat),
  a < b -> first_ranges X a b -> (r <= m + 2)%nat ->
  admits (P r) X (pumped m a b T) 0 0.
Proof.
  intros X a b T m r L (_ & (p & P & A) & (q & Q & B)) R.
  destruct (windows_admit_values_on_the_hull X (firstn 2 (bent a b T))
    (repeat Identity m ++ firstn 1 (skipn 2 (bent a b T))) (skipn 3 (bent a b T))
    r [1 # 2; 1 # 2] [p; q]) as (t & I & V).
  - discriminate.
  - apply Forall_app. split; [|repeat constructor].
    apply Forall_forall. intros f F. apply repeat_spec in F. now subst f.
  - rewrite app_length, repeat_length. simpl. lia.
  - split; [repeat constructor; discriminate | reflexivity].
  - reflexivity.
  - now repeat constructor.
  - exists t. split; [exact I|]. rewrite V, !eval_app, eval_identities.
    assert (Y : eqv (eval (firstn 1 (skipn 3 (bent a b T)))
                 (eval (firstn 1 (skipn 2 (bent a b T))) [1; 1 # 2])) [0; 0; 0; 0])
      by now apply eqv_sound.
    rewrite (output_compat 0 _ (eval (skipn 4 (bent a b T)) [0; 0; 0; 0])).
    + unfold output. simpl. ring.
    + change (skipn 3 (bent a b T))
        with (firstn 1 (skipn 3 (bent a b T)) ++ skipn 4 (bent a b T)).
      rewrite eval_app. apply eval_compat. eapply eqv_trans; [|exact Y].
      apply eval_compat, eval_compat. now apply middle_of_first_values.
Qed.

Theorem windows_of_any_fraction_are_arbitrarily_imprecise :
  forall (alpha : Q) (X : set) (a b T : Q),
  alpha < 1 -> a < b -> first_ranges X a b -> 0 < T ->
  (exists f, exists l, admits (P (radius alpha (length f))) X f 0 l
             /\ forall x, X x -> l + T <= output 0 (eval f x))
  /\ (exists g, exists u, admits (P (radius alpha (length g))) X g 0 u
                /\ forall x, X x -> output 0 (eval g x) <= u - T).
Proof.
  intros alpha X a b T S L F H. destruct (radius_small alpha S) as [m R]. split.
  - exists (pumped m a b T), 0. rewrite length_pumped. split; [now apply windows_admit_zero|].
    intros x _. rewrite eval_pumped, bent_value by assumption.
    pose proof (bend_at_least ((2 * first x - a - b) / (b - a))). nra.
  - exists (pumped m a b (- T)), 0. rewrite length_pumped.
    split; [now apply windows_admit_zero|].
    intros x _. rewrite eval_pumped, bent_value by assumption.
    pose proof (bend_at_least ((2 * first x - a - b) / (b - a))). nra.
Qed.

(** Windows of any fixed number of layers are no better. *)

Theorem windows_of_fixed_length_are_arbitrarily_imprecise :
  forall (r : nat) (X : set) (a b T : Q), a < b -> first_ranges X a b -> 0 < T ->
  exists f, exists l, admits (P r) X f 0 l /\ forall x, X x -> l + T <= output 0 (eval f x).
Proof.
  intros r X a b T L F H. exists (pumped r a b T), 0.
  split; [apply windows_admit_zero; trivial; lia|].
  intros x _. rewrite eval_pumped, bent_value by assumption.
  pose proof (bend_at_least ((2 * first x - a - b) / (b - a))). nra.
Qed.
