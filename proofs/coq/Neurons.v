(** * Networks of neurons of any kind, and their pieces

    A neuron reads coordinates of its layer's input, which count from 0.  Its pieces are affine
    maps, each where some inequalities hold; for every input one of them does ([pieces_cover]).
    Numbers are whole over a common denominator. *)

From Coq Require Import ZArith QArith Qabs List Permutation Sorted Lqa Lia Bool.
From Polyrelax Require Import Network Farkas.
Import ListNotations.
Open Scope Q_scope.

(** ** What neurons compute *)

Definition at_ (v : vec) (j : N) : Q := nth (N.to_nat j) v 0.

(** The first of the best of [a] and [l], where [worse x y] says that [y] is as good as [x]. *)
Fixpoint best (worse : Q -> Q -> bool) (a : Q) (l : vec) : Q :=
  match l with
  | [] => a
  | b :: l' => let c := best worse b l' in if worse c a then a else c
  end.

Definition greatest : Q -> vec -> Q := best Qle_bool.
Definition least : Q -> vec -> Q := best (fun x y => Qle_bool y x).

Definition clip (lower upper : option Q) (z : Q) : Q :=
  let above := match upper with Some u => if Qle_bool u z then u else z | None => z end in
  match lower with Some l => if Qle_bool z l then l else above | None => above end.

(** Sorted by insertion, the greatest first. *)
Fixpoint insert (a : Q) (l : vec) : vec :=
  match l with
  | [] => [a]
  | b :: l' => if Qle_bool b a then a :: l else b :: insert a l'
  end.

Definition sorted (l : vec) : vec := fold_right insert [] l.

Inductive neuron :=
| Pass (j : N)
| Relu (j : N)
| Absolute (j : N)
| Leaky (slope : Q) (j : N)
| Clip (lower upper : option Q) (j : N)
| MaxMin (j k : N)
| Maximum (j : N) (js : list N)
| Minimum (j : N) (js : list N)
| Sort (js : list N).

(** The outputs of a neuron in a layer that reads [v]. *)
Definition fire (n : neuron) (v : vec) : vec :=
  match n with
  | Pass j => [at_ v j]
  | Relu j => [relu (at_ v j)]
  | Absolute j => [Qabs (at_ v j)]
  | Leaky slope j => [if Qle_bool 0 (at_ v j) then at_ v j else slope * at_ v j]
  | Clip lower upper j => [clip lower upper (at_ v j)]
  | MaxMin j k => [greatest (at_ v j) [at_ v k]; least (at_ v j) [at_ v k]]
  | Maximum j js => [greatest (at_ v j) (map (at_ v) js)]
  | Minimum j js => [least (at_ v j) (map (at_ v) js)]
  | Sort js => sorted (map (at_ v) js)
  end.

(** ** Networks *)

(** The nonzero entries of a row. *)
Definition entries := list (N * Z).

Notation "a @@ j" := (pair j%N a%Z) (at level 30, only parsing).

Fixpoint along (l : entries) (v : vec) : Q :=
  match l with [] => 0 | (j, a) :: l' => inject_Z a * at_ v j + along l' v end.

(** [Weighted c rows] has the rows and biases [rows], divided by [c]. *)
Inductive stage :=
| Weighted (common : positive) (rows : list (entries * Z))
| Bent (neurons : list neuron).

Definition stage_value (f : stage) (v : vec) : vec :=
  match f with
  | Weighted c rows =>
      map (fun r => Qred ((along (fst r) v + inject_Z (snd r)) * (1 # c))) rows
  | Bent ns => flat_map (fun n => fire n v) ns
  end.

Definition stages := list stage.

Fixpoint final_value (net : stages) (x : vec) : vec :=
  match net with [] => x | f :: fs => final_value fs (stage_value f x) end.

(** The values behind 0, 1, ... layers. *)
Fixpoint values_of (net : stages) (x : vec) : trace :=
  match net with [] => [x] | f :: fs => x :: values_of fs (stage_value f x) end.

(** The inputs: a box, or all that satisfy some rows. *)
Inductive inputs :=
| Box (ends : list (Q * Q))
| Cut (dim : nat) (rows : list (entries * Z)).

Definition allowed (X : inputs) (x : vec) : Prop :=
  match X with
  | Box ends => Forall2 between ends x
  | Cut dim rows =>
      length x = dim /\ Forall (fun r => along (fst r) x <= inject_Z (snd r)) rows
  end.

(** ** Linear forms of a vector: coordinate [j] is variable [j + 1] *)

Definition coordinate (v : vec) (p : positive) : Q := nth (pred (Pos.to_nat p)) v 0.

Definition total (l : linear) (v : vec) : Q := value (coordinate v) l.

Definition one (j : N) (c : Z) : linear := term (N.succ_pos j) c [].

Definition difference (j k : N) : linear := add (one j 1) (one k (-1)).

Lemma coordinate_at : forall v j, coordinate v (N.succ_pos j) = at_ v j.
Proof.
  intros v [|p]; unfold coordinate, at_; [reflexivity|]. cbn [N.succ_pos N.to_nat].
  now rewrite Pos2Nat.inj_succ.
Qed.

Lemma total_one : forall j c v, total (one j c) v == inject_Z c * at_ v j.
Proof. intros. unfold total, one. rewrite value_term, coordinate_at. cbn [value]. ring. Qed.

Lemma total_difference : forall j k v, total (difference j k) v == at_ v j - at_ v k.
Proof.
  intros. unfold difference, total. rewrite value_add. fold (total (one j 1) v).
  fold (total (one k (-1)) v). rewrite !total_one. cbv [inject_Z]. ring.
Qed.

(** ** Pieces *)

(** [sides]: [<a, v> <= b]; [maps]: [<a, v> + b], divided by [common], for each output. *)
Record piece := { sides : list (linear * Z); maps : list (linear * Z); common : positive }.

Definition fits (p : piece) (v y : vec) : Prop :=
  Forall (fun s => total (fst s) v <= inject_Z (snd s)) (sides p)
  /\ Forall2 (fun m q => inject_Z (Zpos (common p)) * q == total (fst m) v + inject_Z (snd m))
       (maps p) y.

(** All ways to take one element out of a list, and all orders of a list, in lexicographic
    order. *)
Fixpoint selections {A} (l : list A) : list (A * list A) :=
  match l with
  | [] => []
  | a :: l' => (a, l') :: map (fun s => (fst s, a :: snd s)) (selections l')
  end.

Fixpoint orders {A} (n : nat) (l : list A) : list (list A) :=
  match n with
  | O => [[]]
  | S n' => flat_map (fun s => map (cons (fst s)) (orders n' (snd s))) (selections l)
  end.

(** Where an input is the greatest, or with [flip] the least. *)
Definition extreme (flip : bool) (outputs : N -> list N -> list N) (js : list N) : list piece :=
  map (fun s =>
    {| sides := map (fun o => (if flip then difference (fst s) o else difference o (fst s), 0%Z))
                  (snd s);
       maps := map (fun k => (one k 1, 0%Z)) (outputs (fst s) (snd s)); common := 1 |})
    (selections js).

Definition alone (j : N) (_ : list N) : list N := [j].

Fixpoint steps (o : list N) : list (linear * Z) :=
  match o with
  | a :: ((b :: _) as o') => (difference b a, 0%Z) :: steps o'
  | _ => []
  end.

Definition ordered (o : list N) : piece :=
  {| sides := steps o; maps := map (fun j => (one j 1, 0%Z)) o; common := 1 |}.

(** [z <= q] and [q <= z] *)
Definition at_most (q : Q) (j : N) : linear * Z := (one j (Zpos (Qden q)), Qnum q).
Definition at_least (q : Q) (j : N) : linear * Z :=
  (one j (Zneg (Qden q)), (- Qnum q)%Z).

Definition constant (q : Q) (side : linear * Z) : piece :=
  {| sides := [side]; maps := [([], Qnum q)]; common := Qden q |}.

Definition clip_pieces (lower upper : option Q) (j : N) : list piece :=
  let some {A} (f : Q -> A) (q : option Q) := match q with Some a => [f a] | None => [] end in
  some (fun l => constant l (at_most l j)) lower
  ++ [{| sides := some (fun l => at_least l j) lower ++ some (fun u => at_most u j) upper;
         maps := [(one j 1, 0%Z)]; common := 1 |}]
  ++ some (fun u => constant u (at_least u j)) upper.

(** Two pieces: [a z / c] where [z <= 0], and [z] where [0 <= z]. *)
Definition bent_at_0 (a : Z) (c : positive) (j : N) : list piece :=
  [{| sides := [(one j 1, 0%Z)]; maps := [(one j a, 0%Z)]; common := c |};
   {| sides := [(one j (-1), 0%Z)]; maps := [(one j 1, 0%Z)]; common := 1 |}].

Definition pieces (n : neuron) : list piece :=
  match n with
  | Pass j => [{| sides := []; maps := [(one j 1, 0%Z)]; common := 1 |}]
  | Relu j => bent_at_0 0 1 j
  | Absolute j => bent_at_0 (-1) 1 j
  | Leaky slope j => bent_at_0 (Qnum slope) (Qden slope) j
  | Clip lower upper j => clip_pieces lower upper j
  | MaxMin j k => extreme false cons [j; k]
  | Maximum j js => extreme false alone (j :: js)
  | Minimum j js => extreme true alone (j :: js)
  | Sort js => map ordered (orders (length js) js)
  end.

(** The number of outputs. *)
Definition size (n : neuron) : nat :=
  match n with MaxMin _ _ => 2 | Sort js => length js | _ => 1 end.

(** ** Every input has a piece *)

Lemma insert_length : forall a l, length (insert a l) = S (length l).
Proof.
  induction l as [|b l IH]; simpl; [reflexivity|].
  destruct (Qle_bool b a); simpl; congruence.
Qed.

Lemma fire_length : forall n v, length (fire n v) = size n.
Proof.
  intros [j|j|j|s j|l u j|j k|j js|j js|js] v; try reflexivity. unfold fire, sorted, size.
  induction js as [|a js IH]; simpl; [reflexivity|]. now rewrite insert_length, IH.
Qed.

Lemma in_selections : forall (A : Type) (l l' : list A) a,
  In (a, l ++ l') (selections (l ++ a :: l')).
Proof.
  intros A. induction l as [|b l IH]; intros l' a; simpl; [now left|]. right.
  change (a, b :: l ++ l') with ((fun s : A * list A => (fst s, b :: snd s)) (a, l ++ l')).
  apply in_map, IH.
Qed.

Lemma in_orders : forall (A : Type) (o l : list A), Permutation o l ->
  In o (orders (length l) l).
Proof.
  intros A. induction o as [|a o IH]; intros l P.
  - apply Permutation_nil in P. subst. now left.
  - assert (I : In a l) by (apply (Permutation_in a P); now left).
    apply in_split in I as (l1 & l2 & ->). apply Permutation_cons_app_inv in P.
    rewrite app_length. simpl. rewrite PeanoNat.Nat.add_succ_r, <- app_length. cbn [orders].
    apply in_flat_map. exists (a, l1 ++ l2). split; [apply in_selections|].
    cbn [fst snd]. now apply in_map, IH.
Qed.

Lemma one_fits : forall j v, inject_Z 1 * at_ v j == total (one j 1) v + inject_Z 0.
Proof. intros. rewrite total_one. cbv [inject_Z]. ring. Qed.

(** One of some inputs is as good as all others, and [best] is its value. *)
Section Best.

Variable worse : Q -> Q -> bool.
Hypothesis total_order : forall a b, worse a b = false -> worse b a = true.
Hypothesis transitive : forall a b c, worse a b = true -> worse b c = true -> worse a c = true.

Lemma best_selection : forall v js j, exists k others,
  In (k, others) (selections (j :: js)) /\ best worse (at_ v j) (map (at_ v) js) = at_ v k
  /\ Forall (fun o => worse (at_ v o) (at_ v k) = true) others
  /\ Forall (fun o => worse (at_ v o) (at_ v k) = true) (j :: js).
Proof.
  assert (R : forall a, worse a a = true).
  { intros a. destruct (worse a a) eqn:E; [reflexivity | now rewrite <- (total_order a a E)]. }
  intros v. induction js as [|i js IH]; intros j.
  - exists j, []. simpl. repeat split; auto.
  - destruct (IH i) as (k & others & I & B & F & G). cbn [map best]. rewrite B.
    destruct (worse (at_ v k) (at_ v j)) eqn:E.
    + exists j, (i :: js). assert (H : Forall (fun o => worse (at_ v o) (at_ v j) = true) (i :: js)).
      { eapply Forall_impl; [|exact G]. intros o W. now apply (transitive _ (at_ v k)). }
      repeat split; [now left | assumption | constructor; auto].
    + apply total_order in E. exists k, (j :: others).
      repeat split; [|now constructor | now constructor].
      cbn [selections]. right. apply in_map_iff. exists (k, others). now split.
Qed.

End Best.

Lemma Qle_bool_total : forall a b, Qle_bool a b = false -> Qle_bool b a = true.
Proof.
  intros a b E. apply Qle_bool_iff, Qlt_le_weak, Qnot_le_lt. intros H.
  apply Qle_bool_iff in H. congruence.
Qed.

Lemma Qle_bool_trans : forall a b c, Qle_bool a b = true -> Qle_bool b c = true ->
  Qle_bool a c = true.
Proof. intros a b c. rewrite !Qle_bool_iff. apply Qle_trans. Qed.

Lemma greatest_selection : forall v js j, exists k others,
  In (k, others) (selections (j :: js)) /\ greatest (at_ v j) (map (at_ v) js) = at_ v k
  /\ Forall (fun o => at_ v o <= at_ v k) others.
Proof.
  intros v js j. destruct (best_selection _ Qle_bool_total Qle_bool_trans v js j)
    as (k & others & I & B & F & _).
  exists k, others. repeat split; trivial. eapply Forall_impl; [|exact F].
  intros o. apply Qle_bool_iff.
Qed.

Lemma least_selection : forall v js j, exists k others,
  In (k, others) (selections (j :: js)) /\ least (at_ v j) (map (at_ v) js) = at_ v k
  /\ Forall (fun o => at_ v k <= at_ v o) others.
Proof.
  intros v js j. destruct (best_selection (fun x y => Qle_bool y x)) with (v := v) (js := js)
    (j := j) as (k & others & I & B & F & _).
  - intros a b. apply Qle_bool_total.
  - intros a b c E F. now apply (Qle_bool_trans _ b).
  - exists k, others. repeat split; trivial. eapply Forall_impl; [|exact F].
    intros o. apply Qle_bool_iff.
Qed.

Lemma greatest_sides : forall v k others, Forall (fun o => at_ v o <= at_ v k) others ->
  Forall (fun s => total (fst s) v <= inject_Z (snd s))
    (map (fun o => (difference o k, 0%Z)) others).
Proof.
  intros v k others F. apply Forall_map. eapply Forall_impl; [|exact F]. cbn [fst snd].
  intros o L. rewrite total_difference. change (inject_Z 0) with 0. lra.
Qed.

(** Inputs in the order of their values. *)
Fixpoint insert_by (v : vec) (a : N) (l : list N) : list N :=
  match l with
  | [] => [a]
  | b :: l' => if Qle_bool (at_ v b) (at_ v a) then a :: l else b :: insert_by v a l'
  end.

Definition sorted_by (v : vec) (l : list N) : list N := fold_right (insert_by v) [] l.

Lemma sorted_by_value : forall v l, sorted (map (at_ v) l) = map (at_ v) (sorted_by v l).
Proof.
  intros v. unfold sorted, sorted_by. induction l as [|a l IH]; simpl; [reflexivity|].
  rewrite IH. generalize (fold_right (insert_by v) [] l) as m. clear.
  induction m as [|b m IH]; simpl; [reflexivity|].
  destruct (Qle_bool (at_ v b) (at_ v a)); simpl; [reflexivity | now rewrite IH].
Qed.

Lemma sorted_by_permutes : forall v l, Permutation (sorted_by v l) l.
Proof.
  intros v. induction l as [|a l IH]; simpl; [constructor|].
  transitivity (a :: sorted_by v l); [|now constructor]. unfold sorted_by.
  generalize (fold_right (insert_by v) [] l) as m. clear.
  induction m as [|b m IH]; simpl; [reflexivity|].
  destruct (Qle_bool (at_ v b) (at_ v a)); [reflexivity|].
  rewrite IH. constructor.
Qed.

Definition side_holds (v : vec) (s : linear * Z) : Prop := total (fst s) v <= inject_Z (snd s).

Lemma sorted_by_steps : forall v l, Forall (side_holds v) (steps (sorted_by v l)).
Proof.
  intros v. assert (D : forall a b, at_ v b <= at_ v a -> side_holds v (difference b a, 0%Z)).
  { intros a b L. unfold side_holds. cbn [fst snd]. rewrite total_difference.
    change (inject_Z 0) with 0. lra. }
  induction l as [|a l IH]; simpl; [constructor|].
  unfold sorted_by in *. generalize dependent (fold_right (insert_by v) [] l). clear l.
  intros m. induction m as [|b m IHm]; intros F; simpl; [constructor|].
  destruct (Qle_bool (at_ v b) (at_ v a)) eqn:E.
  - cbn [steps]. constructor; [apply D; now apply Qle_bool_iff | assumption].
  - apply Qle_bool_total, Qle_bool_iff in E. destruct m as [|c m].
    + repeat constructor. now apply D.
    + assert (F' : Forall (side_holds v) (steps (c :: m)) /\ side_holds v (difference c b, 0%Z))
        by (cbn [steps] in F; now inversion F).
      destruct F' as [F' S]. specialize (IHm F'). cbn [insert_by] in *.
      destruct (Qle_bool (at_ v c) (at_ v a)); constructor; trivial. now apply D.
Qed.

Lemma den_times : forall q, inject_Z (Zpos (Qden q)) * q == inject_Z (Qnum q).
Proof.
  intros [n d]. cbn [Qnum Qden]. rewrite Qmake_Qdiv. field. discriminate.
Qed.

Lemma times_den : forall q z, inject_Z (Zpos (Qden q)) * z <= inject_Z (Qnum q) <-> z <= q.
Proof. intros q z. rewrite <- den_times. now apply Qmult_le_l. Qed.

Lemma at_most_holds : forall q j v, at_ v j <= q -> side_holds v (at_most q j).
Proof.
  intros q j v L. unfold side_holds, at_most. cbn [fst snd]. rewrite total_one.
  now apply times_den.
Qed.

Lemma at_least_holds : forall q j v, q <= at_ v j -> side_holds v (at_least q j).
Proof.
  intros q j v L. unfold side_holds, at_least. cbn [fst snd]. rewrite total_one.
  change (Zneg (Qden q)) with (- Zpos (Qden q))%Z. rewrite !inject_Z_opp.
  assert (P : 0 < inject_Z (Zpos (Qden q))) by reflexivity.
  apply (Qmult_le_l _ _ _ P) in L. rewrite den_times in L. lra.
Qed.

Lemma constant_fits : forall q s v, side_holds v s -> fits (constant q s) v [q].
Proof.
  intros q s v H. split; repeat constructor; [exact H|]. cbn. rewrite den_times.
  unfold total. cbn. ring.
Qed.

Lemma middle_fits : forall ss j v, Forall (side_holds v) ss ->
  fits {| sides := ss; maps := [(one j 1, 0%Z)]; common := 1 |} v [at_ v j].
Proof.
  intros ss j v H. split; [exact H|]. repeat constructor. cbn [fst snd common]. apply one_fits.
Qed.

Lemma bent_at_0_cover : forall a c j v, exists p, In p (bent_at_0 a c j) /\
  fits p v [if Qle_bool 0 (at_ v j) then at_ v j else (a # c) * at_ v j].
Proof.
  intros a c j v. destruct (Qle_bool 0 (at_ v j)) eqn:E.
  - eexists. split; [right; left; reflexivity|]. apply middle_fits. repeat constructor.
    unfold side_holds. cbn [fst snd]. rewrite total_one. apply Qle_bool_iff in E.
    cbv [inject_Z]. lra.
  - apply Qle_bool_total, Qle_bool_iff in E. eexists. split; [left; reflexivity|].
    split; repeat constructor; cbn [fst snd common]; rewrite total_one.
    + cbv [inject_Z]. lra.
    + rewrite Qmult_assoc. assert (D : inject_Z (Zpos c) * (a # c) == inject_Z a)
        by exact (den_times (a # c)).
      rewrite D. cbv [inject_Z]. ring.
Qed.

Lemma fits_compat : forall p v y y', Forall2 Qeq y y' -> fits p v y -> fits p v y'.
Proof.
  intros p v y y' E [S M]. split; [assumption|]. clear S. revert y' E.
  induction M as [|m q ms y H M IH]; intros y' E; inversion E; subst; constructor.
  - now rewrite <- H2.
  - now apply IH.
Qed.

Theorem pieces_cover : forall n v, exists p, In p (pieces n) /\ fits p v (fire n v).
Proof.
  intros [j|j|j|s j|l u j|j k|j js|j js|js] v; cbn [pieces fire].
  - eexists. split; [left; reflexivity|]. apply middle_fits. constructor.
  - destruct (bent_at_0_cover 0 1 j v) as (p & I & F). exists p. split; [assumption|].
    eapply fits_compat; [|exact F]. repeat constructor. unfold relu.
    destruct (Qle_bool 0 (at_ v j)); ring.
  - destruct (bent_at_0_cover (-1) 1 j v) as (p & I & F). exists p. split; [assumption|].
    eapply fits_compat; [|exact F]. repeat constructor.
    destruct (Qle_bool 0 (at_ v j)) eqn:E.
    + apply Qle_bool_iff in E. now rewrite Qabs_pos.
    + apply Qle_bool_total, Qle_bool_iff in E. rewrite Qabs_neg by assumption. ring.
  - destruct s as [a c]. apply bent_at_0_cover.
  - unfold clip, clip_pieces.
    assert (A : exists p, In p ([{| sides := match l with Some a => [at_least a j] | None => [] end
           ++ match u with Some a => [at_most a j] | None => [] end;
           maps := [(one j 1, 0%Z)]; common := 1 |}]
        ++ match u with Some a => [constant a (at_least a j)] | None => [] end)
      /\ (match l with Some a => Qle_bool (at_ v j) a = false | None => True end ->
          fits p v [match u with Some a => if Qle_bool a (at_ v j) then a else at_ v j
                    | None => at_ v j end])).
    { assert (B : match l with Some a => Qle_bool (at_ v j) a = false | None => True end ->
        Forall (side_holds v) (match l with Some a => [at_least a j] | None => [] end)).
      { destruct l as [a|]; intros E; repeat constructor.
        apply at_least_holds. now apply Qle_bool_iff, Qle_bool_total. }
      destruct u as [a|].
      - destruct (Qle_bool a (at_ v j)) eqn:E.
        + eexists. split; [right; left; reflexivity|]. intros _. apply constant_fits.
          apply at_least_holds. now apply Qle_bool_iff.
        + eexists. split; [left; reflexivity|]. intros L. apply middle_fits, Forall_app.
          split; [now apply B|]. repeat constructor. apply at_most_holds.
          now apply Qle_bool_iff, Qle_bool_total.
      - eexists. split; [left; reflexivity|]. intros L. apply middle_fits, Forall_app.
        split; [now apply B | constructor]. }
    destruct A as (p & I & F). destruct l as [a|].
    + destruct (Qle_bool (at_ v j) a) eqn:E.
      * eexists. split; [left; reflexivity|]. apply constant_fits, at_most_holds.
        now apply Qle_bool_iff.
      * exists p. split; [now right | now apply F].
    + exists p. split; [exact I | now apply F].
  - destruct (Qle_bool (at_ v k) (at_ v j)) eqn:E; unfold greatest, least, best; rewrite E.
    + eexists. split; [left; reflexivity|]. apply Qle_bool_iff in E.
      split; [apply greatest_sides; now repeat constructor|].
      destruct (Qle_bool (at_ v j) (at_ v k)) eqn:L; repeat constructor;
        cbn [fst snd common]; try apply one_fits.
      apply Qle_bool_iff in L. rewrite <- one_fits. cbv [inject_Z]. lra.
    + apply Qle_bool_total in E. rewrite E. apply Qle_bool_iff in E.
      eexists. split; [right; left; reflexivity|].
      split; [apply greatest_sides; now repeat constructor|].
      repeat constructor; cbn [fst snd common]; apply one_fits.
  - destruct (greatest_selection v js j) as (k & others & I & B & F). rewrite B.
    eexists. split; [apply in_map_iff; exists (k, others); split; [reflexivity | exact I]|].
    split; [now apply greatest_sides|]. repeat constructor. apply one_fits.
  - destruct (least_selection v js j) as (k & others & I & B & F). rewrite B.
    eexists. split; [apply in_map_iff; exists (k, others); split; [reflexivity | exact I]|].
    split; [|repeat constructor; apply one_fits].
    apply Forall_map. eapply Forall_impl; [|exact F]. cbn [fst snd]. intros o L.
    rewrite total_difference. change (inject_Z 0) with 0. lra.
  - rewrite sorted_by_value. exists (ordered (sorted_by v js)). split.
    + apply in_map, in_orders, sorted_by_permutes.
    + split; [apply sorted_by_steps|]. unfold ordered. cbn [maps common].
      induction (sorted_by v js); simpl; constructor; trivial. cbn [fst snd]. apply one_fits.
Qed.

(** ** The definitions mean what their names say *)

Theorem sorted_permutes : forall l, Permutation (sorted l) l.
Proof.
  induction l as [|a l IH]; [constructor|]. transitivity (a :: sorted l); [|now constructor].
  unfold sorted. cbn [fold_right]. generalize (fold_right insert [] l) as m. clear.
  induction m as [|b m IH]; cbn [insert]; [reflexivity|].
  destruct (Qle_bool b a); [reflexivity|]. rewrite IH. constructor.
Qed.

Theorem sorted_descends : forall l, Sorted (fun a b => b <= a) (sorted l).
Proof.
  induction l as [|a l IH]; [constructor|]. unfold sorted in *. cbn [fold_right].
  generalize dependent (fold_right insert [] l). clear. intros m. induction 1 as [|b m S IH H].
  - repeat constructor.
  - cbn [insert]. destruct (Qle_bool b a) eqn:E.
    + apply Qle_bool_iff in E. now repeat constructor.
    + apply Qle_bool_total, Qle_bool_iff in E. constructor; [assumption|].
      destruct m as [|c m]; cbn [insert]; [now constructor|].
      destruct (Qle_bool c a); constructor; [assumption|]. now inversion H.
Qed.

Theorem greatest_is_greatest : forall l a,
  In (greatest a l) (a :: l) /\ Forall (fun b => b <= greatest a l) (a :: l).
Proof.
  unfold greatest. induction l as [|b l IH]; intros a; cbn [best].
  - split; [now left | repeat constructor; apply Qle_refl].
  - destruct (IH b) as [I F]. destruct (Qle_bool (best Qle_bool b l) a) eqn:E.
    + apply Qle_bool_iff in E. split; [now left|]. constructor; [apply Qle_refl|].
      eapply Forall_impl; [|exact F]. intros c L. now apply (Qle_trans _ (best Qle_bool b l)).
    + apply Qle_bool_total, Qle_bool_iff in E. split; [now right | now constructor].
Qed.

Theorem least_is_least : forall l a,
  In (least a l) (a :: l) /\ Forall (fun b => least a l <= b) (a :: l).
Proof.
  unfold least. set (w := fun x y => Qle_bool y x). induction l as [|b l IH]; intros a;
    cbn [best].
  - split; [now left | repeat constructor; apply Qle_refl].
  - destruct (IH b) as [I F]. destruct (w (best w b l) a) eqn:E; unfold w in E at 1.
    + apply Qle_bool_iff in E. split; [now left|]. constructor; [apply Qle_refl|].
      eapply Forall_impl; [|exact F]. intros c L. now apply (Qle_trans _ (best w b l)).
    + apply Qle_bool_total, Qle_bool_iff in E. split; [now right | now constructor].
Qed.

(** [clip] moves a number to the nearest one between the ends. *)
Theorem clip_is_between : forall lower upper z, lower <= upper ->
  lower <= clip (Some lower) (Some upper) z <= upper
  /\ (lower <= z <= upper -> clip (Some lower) (Some upper) z == z).
Proof.
  intros l u z L. unfold clip. destruct (Qle_bool z l) eqn:A; [apply Qle_bool_iff in A|].
  - split; [|intros [B _]]; [split; [apply Qle_refl | exact L] | now apply Qle_antisym].
  - apply Qle_bool_total, Qle_bool_iff in A. destruct (Qle_bool u z) eqn:B.
    + apply Qle_bool_iff in B. split; [split; [exact L | apply Qle_refl]|].
      intros [_ C]. now apply Qle_antisym.
    + apply Qle_bool_total, Qle_bool_iff in B. split; [now split | reflexivity].
Qed.
