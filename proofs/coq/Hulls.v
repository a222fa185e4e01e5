(** * Convex hulls: all facets and all vertices

    A hull is given twice, by rows and by points.  That no point within the rows is missed is
    shown by simplices: the cones over them, seen from a point [m] inside, cover space.  To see
    this without a path from cone to cone, each point [i] has a height [h_i], and each simplex
    a linear form that is [h_i] at its corners and less than [h_j] at all other points (as if
    the points were moved along their rays from [m] until they bound a simplicial polytope).
    For a direction [y] take the simplex whose form is greatest at [y].  If [y] had a negative
    coordinate there, the form of the neighbour beyond that corner would be greater still.  *)

From Coq Require Import QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Relaxation Attained Lemma41 Layered Windows.
Import ListNotations.
Open Scope Q_scope.

(** ** What is stated *)

(** [x] is a convex combination of vectors in [S]. *)
Definition conv_of (S : set) (x : vec) : Prop := conv (runs [] S) [x].

Definition within (rows : list (vec * Q)) (x : vec) : Prop :=
  Forall (fun row => dot (fst row) x <= snd row) rows.

(** The hull of [S], a set of vectors of length [n], is what the rows cut out, and no row can
    be left out; it is the hull of the points, and no point can be left out. *)
Definition hull_is (S : set) (n : nat) (rows : list (vec * Q)) (points : list vec) : Prop :=
  (forall x, length x = n -> (conv_of S x <-> within rows x))
  /\ (forall x, length x = n -> (conv_of S x <-> conv_of (fun v => In v points) x))
  /\ (forall before row after, rows = before ++ row :: after ->
      exists x, length x = n /\ within (before ++ after) x /\ ~ within [row] x)
  /\ (forall before v after, points = before ++ v :: after ->
      ~ conv_of (fun u => In u (before ++ after)) v).

(** ** Evidence *)

Record corner := {
  which : nat;  (** the point *)
  dual : vec;  (** [<dual, y>] is the coordinate of [y] at this corner *)
  neighbour : nat  (** the simplex that has the other corners and not this one *)
}.

(** Its form is [level / factor]. *)
Record simplex := { level : vec; factor : Q; inside_row : nat; corners : list corner }.

Record spread := {
  centre : vec;
  centre_weights : vec;
  rays : list vec;  (** the points, seen from the centre *)
  heights : vec;
  simplices : list simplex;
  beyond : list vec;  (** for each row a vector that violates only this one *)
  peaks : list vec  (** for each point a form that is greatest there and nowhere else *)
}.

Definition minus (v m : vec) : vec := add_vec v (map Qopp m).

Definition unit (n k : nat) : vec := map (fun i => if (i =? k)%nat then 1 else 0) (seq 0 n).

Definition is_corner (s : simplex) (i : nat) : bool :=
  existsb (fun c => (which c =? i)%nat) (corners s).

Definition less (a b : Q) : bool := negb (Qle_bool b a).

Section Check.

Variable n : nat.
Variable rows : list (vec * Q).
Variable points : list vec.
Variable e : spread.

Definition ray (i : nat) : vec := nth i (rays e) [].

Definition are_rays : bool :=
  all2 (fun r v => all2 Qeq_bool r (minus v (centre e))) (rays e) points.

(** The coordinates are those of a basis. *)
Definition is_basis (s : simplex) : bool :=
  forallb (fun k =>
    all2 Qeq_bool (mix (map (fun c => nth k (ray (which c)) 0) (corners s))
                       (map dual (corners s))) (unit n k)) (seq 0 n).

Definition is_level (s : simplex) : bool :=
  forallb (fun i =>
    let v := dot (level s) (ray i) in
    let h := factor s * nth i (heights e) 0 in
    if is_corner s i then Qeq_bool v h else less v h) (seq 0 (length points)).

Definition has_neighbour (s : simplex) (c : corner) : bool :=
  (length (filter (fun d => (which d =? which c)%nat) (corners s)) =? 1)%nat &&
  match nth_error (simplices e) (neighbour c) with
  | Some t => negb (is_corner t (which c))
              && forallb (fun d => (which d =? which c)%nat || is_corner t (which d)) (corners s)
  | None => false
  end.

(** The simplex is in the hyperplane of a row, and the centre strictly within that row. *)
Definition on_row (s : simplex) : bool :=
  match nth_error rows (inside_row s) with
  | Some (a, b) => less (dot a (centre e)) b
      && forallb (fun c => Qeq_bool (dot a (nth (which c) points [])) b) (corners s)
  | None => false
  end.

Definition is_simplex (s : simplex) : bool :=
  forallb (fun c => (which c <? length points)%nat && has_neighbour s c) (corners s)
  && (0 <? length (corners s))%nat && is_basis s && less 0 (factor s)
  && is_level s && on_row s.

Definition is_centre : bool :=
  (length (centre_weights e) =? length points)%nat
  && in_hull (centre_weights e) (map (run []) points) [centre e].

(** Each element passes a test against the others, with its evidence. *)
Fixpoint each_apart {A} (test : vec -> A -> list A -> bool) (before l : list A) (es : list vec)
    : bool :=
  match l, es with
  | [], [] => true
  | a :: l', e :: es' => test e a (before ++ l') && each_apart test (before ++ [a]) l' es'
  | _, _ => false
  end.

Definition violates (x : vec) (row : vec * Q) (others : list (vec * Q)) : bool :=
  (length x =? n)%nat && less (snd row) (dot (fst row) x)
  && forallb (fun r => Qle_bool (dot (fst r) x) (snd r)) others.

Definition greatest (a v : vec) (others : list vec) : bool :=
  forallb (fun u => less (dot a u) (dot a v)) others.

Definition is_spread : bool :=
  (0 <? n)%nat && (0 <? length points)%nat && forallb (fun v => (length v =? n)%nat) points
  && (0 <? length (simplices e))%nat && (length (centre e) =? n)%nat && is_centre && are_rays
  && forallb is_simplex (simplices e)
  && each_apart violates [] rows (beyond e) && each_apart greatest [] points (peaks e).

(** ** Sums *)

Definition total {A} (f : A -> Q) (l : list A) : Q := fold_right (fun a q => f a + q) 0 l.

Lemma total_ext : forall A (f g : A -> Q) l, (forall a, In a l -> f a == g a) ->
  total f l == total g l.
Proof.
  intros A f g. induction l as [|a l IH]; intros H; simpl; [reflexivity|].
  rewrite IH by (intros; apply H; now right). rewrite (H a) by now left. reflexivity.
Qed.

Lemma total_minus : forall A (f g : A -> Q) l,
  total (fun a => f a - g a) l == total f l - total g l.
Proof. intros A f g. induction l as [|a l IH]; simpl; [ring | rewrite IH; ring]. Qed.

Lemma total_scale : forall A (f : A -> Q) c l, total (fun a => f a * c) l == total f l * c.
Proof. intros A f c. induction l as [|a l IH]; simpl; [ring | rewrite IH; ring]. Qed.

Lemma total_nonneg : forall A (f : A -> Q) l, (forall a, In a l -> 0 <= f a) -> 0 <= total f l.
Proof.
  intros A f. induction l as [|a l IH]; intros H; simpl; [apply Qle_refl|].
  pose proof (H a (or_introl eq_refl)). specialize (IH (fun b I => H b (or_intror I))). lra.
Qed.

Lemma total_positive : forall A (f : A -> Q) l b, (forall a, In a l -> 0 <= f a) -> In b l ->
  0 < f b -> 0 < total f l.
Proof.
  intros A f. induction l as [|a l IH]; intros b H I P; simpl; [contradiction|].
  pose proof (H a (or_introl eq_refl)). destruct I as [->|I].
  - pose proof (total_nonneg A f l (fun c J => H c (or_intror J))). lra.
  - specialize (IH b (fun c J => H c (or_intror J)) I P). lra.
Qed.

Lemma weighted_total : forall A (f : A -> Q) (g : A -> vec) h l,
  weighted_sum (map f l) (map g l) h == total (fun a => f a * h (g a)) l.
Proof. intros A f g h. induction l as [|a l IH]; simpl; [reflexivity | now rewrite IH]. Qed.

Lemma sum_total : forall A (f : A -> Q) l, sum (map f l) == total f l.
Proof. unfold sum. intros A f. induction l; simpl; [reflexivity | now rewrite IHl]. Qed.

Lemma dot_comm : forall a x, dot a x == dot x a.
Proof. induction a as [|c a IH]; intros [|y x]; simpl; try ring. rewrite IH. ring. Qed.

Lemma nth_mix : forall k ws us, nth k (mix ws us) 0 == weighted_sum ws us (fun u => nth k u 0).
Proof.
  intros k. induction ws as [|w ws IH]; intros [|u us]; simpl; try (now destruct k).
  rewrite nth_add_vec, nth_scaled, IH. reflexivity.
Qed.

Lemma nth_opp : forall k m, nth k (map Qopp m) 0 == - nth k m 0.
Proof. induction k as [|k IH]; intros [|a m]; simpl; try ring. apply IH. Qed.

Lemma nth_minus : forall k v m, nth k (minus v m) 0 == nth k v 0 - nth k m 0.
Proof. intros. unfold minus. rewrite nth_add_vec, nth_opp. ring. Qed.

Lemma dot_opp : forall a m, dot a (map Qopp m) == - dot a m.
Proof. induction a as [|c a IH]; intros [|y m]; simpl; try ring. rewrite IH. ring. Qed.

Lemma dot_minus : forall a v m, dot a (minus v m) == dot a v - dot a m.
Proof. intros. unfold minus. rewrite dot_add_vec, dot_opp. ring. Qed.

Lemma length_add : forall u v, length (add_vec u v) = Nat.max (length u) (length v).
Proof.
  induction u as [|a u IH]; intros [|b v]; simpl; trivial. now rewrite IH.
Qed.

Lemma length_minus : forall v m, length v = length m -> length (minus v m) = length m.
Proof. intros v m E. unfold minus. rewrite length_add, map_length. lia. Qed.

Lemma length_mix : forall k ws us, length ws = length us -> (0 < length us)%nat ->
  Forall (fun u => length u = k) us -> length (mix ws us) = k.
Proof.
  intros k. induction ws as [|w ws IH]; intros [|u us] L P F; simpl in *; try lia.
  inversion F as [|? ? U F']; subst. rewrite length_add, map_length.
  destruct us as [|u' us]; [destruct ws; simpl; lia|].
  rewrite IH; simpl in *; trivial; lia.
Qed.

Lemma eqv_by_nth : forall u v, length u = length v ->
  (forall k, (k < length u)%nat -> nth k u 0 == nth k v 0) -> eqv u v.
Proof.
  induction u as [|a u IH]; intros [|b v] L H; simpl in L; try discriminate; constructor.
  - apply (H 0%nat). simpl. lia.
  - apply IH; [congruence|]. intros k K. apply (H (S k)). simpl. lia.
Qed.

Lemma dot_unit : forall y k j, dot y (map (fun i => if (i =? k)%nat then 1 else 0)
  (seq j (length y))) == if (k <? j)%nat then 0 else nth (k - j) y 0.
Proof.
  induction y as [|a y IH]; intros k j; cbn [length seq map dot].
  - destruct (k <? j)%nat; [reflexivity | now destruct (k - j)%nat].
  - rewrite IH. destruct (PeanoNat.Nat.eqb_spec j k) as [->|N].
    + rewrite PeanoNat.Nat.ltb_irrefl, PeanoNat.Nat.sub_diag.
      destruct (PeanoNat.Nat.ltb_spec k (S k)); [simpl; ring | lia].
    + destruct (PeanoNat.Nat.ltb_spec k (S j)), (PeanoNat.Nat.ltb_spec k j); try lia; [ring|].
      replace (k - j)%nat with (S (k - S j)) by lia. simpl. ring.
Qed.

Lemma less_sound : forall a b, less a b = true -> a < b.
Proof.
  unfold less. intros a b E. apply Qnot_le_lt. intros L. apply Qle_bool_iff in L.
  now rewrite L in E.
Qed.

Lemma only_corner : forall s c d,
  (length (filter (fun d => (which d =? which c)%nat) (corners s)) =? 1)%nat = true ->
  In c (corners s) -> In d (corners s) -> which d = which c -> d = c.
Proof.
  intros s c d E C D H. apply PeanoNat.Nat.eqb_eq in E.
  assert (C' : In c (filter (fun d => (which d =? which c)%nat) (corners s)))
    by (apply filter_In; split; [assumption | apply PeanoNat.Nat.eqb_refl]).
  assert (D' : In d (filter (fun d => (which d =? which c)%nat) (corners s)))
    by (apply filter_In; split; [assumption | now apply PeanoNat.Nat.eqb_eq]).
  destruct (filter _ _) as [|f [|]]; try discriminate.
  destruct C' as [<-|[]], D' as [<-|[]]. reflexivity.
Qed.

(** ** The cones cover space *)

Definition coordinate (y : vec) (c : corner) : Q := dot (dual c) y.

Lemma coordinates_spec : forall s y a, is_basis s = true -> length y = n ->
  (forall i, (i < length points)%nat -> length (ray i) = n) ->
  Forall (fun c => (which c < length points)%nat) (corners s) -> (0 < length (corners s))%nat ->
  total (fun c => coordinate y c * dot a (ray (which c))) (corners s) == dot a y.
Proof.
  intros s y a B L R F P. set (us := map (fun c => ray (which c)) (corners s)).
  set (ls := map (coordinate y) (corners s)).
  assert (E : eqv (mix ls us) y).
  { assert (LM : length (mix ls us) = n).
    { apply length_mix; unfold ls, us; rewrite ?map_length; trivial.
      apply Forall_map. eapply Forall_impl; [|exact F]. intros c C. now apply R. }
    apply eqv_by_nth; [congruence|]. intros k K. rewrite LM in K.
    unfold is_basis in B. rewrite forallb_forall in B.
    specialize (B k (proj2 (in_seq n 0 k) (conj (PeanoNat.Nat.le_0_l k) K))).
    apply eqv_sound in B. apply (dot_compat y) in B. rewrite dot_mix in B.
    unfold unit in B. rewrite <- L, dot_unit, PeanoNat.Nat.sub_0_r in B. simpl in B.
    rewrite <- B, nth_mix. unfold ls, us. rewrite !weighted_total.
    apply total_ext. intros c _. unfold coordinate. rewrite (dot_comm (dual c) y). ring. }
  rewrite <- (dot_compat a _ _ E), dot_mix. unfold ls, us. now rewrite weighted_total.
Qed.

Lemma greatest_level : forall (f : simplex -> Q) ss, (0 < length ss)%nat ->
  exists s, In s ss /\ forall t, In t ss -> f t <= f s.
Proof.
  intros f. induction ss as [|s ss IH]; intros P; simpl in P; [lia|].
  destruct ss as [|s' ss].
  - exists s. split; [now left|]. intros t [->|[]]. apply Qle_refl.
  - destruct IH as (m & I & M); [simpl; lia|]. destruct (Qlt_le_dec (f m) (f s)) as [C|C].
    + exists s. split; [now left|]. intros t [->|T]; [apply Qle_refl|].
      specialize (M t T). lra.
    + exists m. split; [now right|]. intros t [->|T]; [assumption | now apply M].
Qed.

Hypothesis accepted : is_spread = true.

Lemma unfolded :
  (0 < n)%nat /\ (0 < length points)%nat /\ Forall (fun v => length v = n) points
  /\ (0 < length (simplices e))%nat /\ length (centre e) = n /\ is_centre = true /\ are_rays
      = true
  /\ (forall s, In s (simplices e) -> is_simplex s = true)
  /\ each_apart violates [] rows (beyond e) = true
  /\ each_apart greatest [] points (peaks e) = true.
Proof.
  unfold is_spread in accepted. repeat (apply andb_prop in accepted as [accepted ?]).
  rewrite forallb_forall in H1, H6.
  repeat match goal with E : (_ <? _)%nat = true |- _ => apply PeanoNat.Nat.ltb_lt in E end.
  apply PeanoNat.Nat.eqb_eq in H4. repeat split; trivial. apply Forall_forall. intros v V.
  now apply PeanoNat.Nat.eqb_eq, H6.
Qed.

Lemma ray_spec : forall i, (i < length points)%nat ->
  eqv (ray i) (minus (nth i points []) (centre e)).
Proof.
  destruct unfolded as (_ & _ & _ & _ & _ & _ & R & _). unfold ray, are_rays in *.
  revert R. generalize (rays e) as rs. induction points as [|v vs IH]; intros [|r rs] E i I;
    simpl in E, I; try lia; try discriminate. apply andb_prop in E as [E E'].
  destruct i as [|i]; [now apply eqv_sound | apply (IH rs E' i); lia].
Qed.

Lemma dot_ray : forall a i, (i < length points)%nat ->
  dot a (ray i) == dot a (nth i points []) - dot a (centre e).
Proof. intros a i I. now rewrite (dot_compat a _ _ (ray_spec i I)), dot_minus. Qed.

Lemma eqv_length : forall u v, eqv u v -> length u = length v.
Proof. induction 1; simpl; congruence. Qed.

Lemma ray_length : forall i, (i < length points)%nat -> length (ray i) = n.
Proof.
  intros i I. rewrite (eqv_length _ _ (ray_spec i I)).
  destruct unfolded as (_ & _ & F & _ & C & _).
  rewrite length_minus; [assumption|]. rewrite C.
  now apply (proj1 (Forall_forall _ _) F), nth_In.
Qed.

Lemma simplex_spec : forall s, In s (simplices e) ->
  (forall c, In c (corners s) -> (which c < length points)%nat /\ has_neighbour s c = true)
  /\ (forall y a, length y = n ->
      total (fun c => coordinate y c * dot a (ray (which c))) (corners s) == dot a y)
  /\ (0 < factor s /\ is_level s = true) /\ on_row s = true.
Proof.
  intros s I. destruct unfolded as (_ & _ & _ & _ & _ & _ & _ & S & _). specialize (S s I).
  unfold is_simplex in S. repeat (apply andb_prop in S as [S ?]).
  rewrite forallb_forall in S.
  assert (W : forall c, In c (corners s) ->
    (which c < length points)%nat /\ has_neighbour s c = true).
  { intros c C. specialize (S c C). apply andb_prop in S as [S N].
    apply PeanoNat.Nat.ltb_lt in S. now split. }
  split; [exact W|]. split; [|split; [split; [now apply less_sound|]|]; assumption].
  intros y a L.
  apply coordinates_spec; trivial; [exact ray_length | | now apply PeanoNat.Nat.ltb_lt].
  apply Forall_forall. intros c C. now apply W.
Qed.

Definition form_at (s : simplex) (v : vec) : Q := dot (level s) v * / factor s.

Lemma level_spec : forall s i, 0 < factor s /\ is_level s = true -> (i < length points)%nat ->
  if is_corner s i then form_at s (ray i) == nth i (heights e) 0
  else form_at s (ray i) < nth i (heights e) 0.
Proof.
  intros s i [P E] I. unfold is_level in E. rewrite forallb_forall in E. unfold form_at.
  specialize (E i (proj2 (in_seq _ 0 i) (conj (PeanoNat.Nat.le_0_l i) I))). cbv zeta in E.
  destruct (is_corner s i).
  - apply Qeq_bool_eq in E. rewrite E. field. lra.
  - apply less_sound in E. apply Qlt_shift_div_r; lra.
Qed.

Lemma form_spec : forall s t y, In s (simplices e) -> length y = n ->
  total (fun c => coordinate y c * form_at t (ray (which c))) (corners s) == form_at t y.
Proof.
  intros s t y I L. destruct (simplex_spec s I) as (_ & B & _). unfold form_at.
  rewrite <- (B y (level t) L), <- total_scale. apply total_ext. intros c _. ring.
Qed.

Lemma corner_of : forall s c, In c (corners s) -> is_corner s (which c) = true.
Proof.
  intros s c C. apply existsb_exists. exists c. split; [assumption | apply
      PeanoNat.Nat.eqb_refl].
Qed.

Theorem cones_cover : forall y, length y = n -> exists s, In s (simplices e)
  /\ forall c, In c (corners s) -> 0 <= coordinate y c.
Proof.
  intros y L. destruct unfolded as (_ & _ & _ & P & _).
  destruct (greatest_level (fun s => form_at s y) _ P) as (s & I & M).
  exists s. split; [assumption|]. destruct (simplex_spec s I) as (W & _ & V & _).
  intros c C. apply Qnot_lt_le. intros N. destruct (W c C) as [Wc H].
  unfold has_neighbour in H. apply andb_prop in H as [H0 H].
  destruct (nth_error (simplices e) (neighbour c)) as [t|] eqn:T; [|discriminate].
  apply nth_error_In in T. apply andb_prop in H as [H1 H2]. rewrite forallb_forall in H2.
  destruct (simplex_spec t T) as (_ & _ & V' & _).
  enough (G : 0 < total (fun d => coordinate y d * form_at t (ray (which d))
                                - coordinate y d * form_at s (ray (which d))) (corners s)).
  { rewrite total_minus, !form_spec in G by assumption. specialize (M t T). simpl in M. lra. }
  assert (D : 0 < coordinate y c * form_at t (ray (which c))
                  - coordinate y c * form_at s (ray (which c))).
  { pose proof (level_spec t _ V' Wc) as A. apply negb_true_iff in H1. rewrite H1 in A.
    pose proof (level_spec s _ V Wc) as A'. rewrite (corner_of s c C) in A'.
    rewrite A'. nra. }
  apply (total_positive _ _ _ c); trivial. intros d I'.
  destruct (PeanoNat.Nat.eq_dec (which d) (which c)) as [Q|Q].
  - rewrite (only_corner s c d H0 C I' Q). now apply Qlt_le_weak.
  - destruct (W d I') as [Wd _]. specialize (H2 d I').
    apply orb_prop in H2 as [H2|H2]; [now apply PeanoNat.Nat.eqb_eq in H2|].
    pose proof (level_spec t _ V' Wd) as A. rewrite H2 in A.
    pose proof (level_spec s _ V Wd) as A'. rewrite (corner_of s d I') in A'.
    rewrite A, A'. setoid_replace (coordinate y d * nth (which d) (heights e) 0
      - coordinate y d * nth (which d) (heights e) 0) with 0 by ring. apply Qle_refl.
Qed.

(** ** Nothing within the rows is missed *)

Lemma centre_in_hull : conv_of (fun v => In v points) (centre e).
Proof.
  destruct unfolded as (_ & _ & _ & _ & _ & C & _). apply andb_prop in C as [_ C].
  apply (in_hull_sound _ _ _ _) with (2 := C). apply Forall_map, Forall_forall. intros v I.
  now exists v.
Qed.

Lemma conv_of_conv : forall (S S' : set) x, (forall v, S' v -> conv_of S v) ->
  conv_of S' x -> conv_of S x.
Proof.
  intros S S' x H. apply conv_conv. intros t (v & I & ->). now apply H.
Qed.

Lemma conv_of_row : forall (S : set) a b x, (forall v, S v -> dot a v <= b) -> conv_of S x ->
  dot a x <= b.
Proof.
  intros S a b x H C.
  assert (A : amount (dot_form 0 0 a) [x] <= b).
  { apply (conv_amount _ _ _) with (2 := C). intros t (v & I & ->).
    rewrite amount_dot_form. now apply H. }
  rewrite amount_dot_form in A. exact A.
Qed.

Theorem rows_are_covered : forall x, length x = n -> within rows x ->
  conv_of (fun v => In v points) x.
Proof.
  intros x L R. destruct unfolded as (_ & _ & F & _ & LC & _).
  assert (LY : length (minus x (centre e)) = n) by (rewrite length_minus; congruence).
  destruct (cones_cover _ LY) as (s & I & N). destruct (simplex_spec s I) as (W & B & _ & O).
  specialize (B (minus x (centre e))). set (y := minus x (centre e)) in *.
  unfold on_row in O. destruct (nth_error rows (inside_row s)) as [[a b]|] eqn:K;
      [|discriminate].
  apply andb_prop in O as [O1 O2]. apply less_sound in O1. rewrite forallb_forall in O2.
  apply nth_error_In in K. unfold within in R. rewrite Forall_forall in R.
  specialize (R _ K). simpl in R.
  assert (T : total (coordinate y) (corners s) <= 1).
  { pose proof (B a LY) as E. unfold y in E at 2. rewrite dot_minus in E.
    assert (E' : total (fun c => coordinate y c * dot a (ray (which c))) (corners s)
                 == total (coordinate y) (corners s) * (b - dot a (centre e))).
    { rewrite <- total_scale. apply total_ext. intros c C.
      rewrite dot_ray, (Qeq_bool_eq _ _ (O2 c C)) by now apply W. reflexivity. }
    rewrite E' in E. set (q := total _ _) in *. nra. }
  set (ls := map (coordinate y) (corners s)) in *.
  set (vs := map (fun c => nth (which c) points []) (corners s)).
  apply (conv_of_conv _ (fun v => In v points \/ v = centre e)).
  { intros v [V| ->]; [apply conv_contains; now exists v | exact centre_in_hull]. }
  set (q := total (coordinate y) (corners s)) in *.
  apply (images_conv _ (run []) [x] (1 - q :: ls) (centre e :: vs)).
  - split.
    + constructor; [lra|]. unfold ls. apply Forall_map, Forall_forall. exact N.
    + unfold sum. simpl. fold (sum ls). unfold ls. rewrite sum_total. fold q. ring.
  - unfold ls, vs. simpl. now rewrite !map_length.
  - constructor; [now right|]. unfold vs. apply Forall_map, Forall_forall. intros c C. left.
    apply nth_In. now apply W.
  - change (run []) with (fun u : vec => [u]). rewrite singles;
      [|unfold ls, vs; simpl; now rewrite !map_length | discriminate].
    constructor; [|constructor]. apply eqv_by_nth.
    + symmetry. rewrite L. apply length_mix; [unfold ls, vs; simpl; now rewrite !map_length
        | simpl; lia |]. constructor; [assumption|]. unfold vs. apply Forall_map, Forall_forall.
      intros c C. apply (proj1 (Forall_forall _ _) F), nth_In. now apply W.
    + intros k Hk. rewrite nth_mix. cbn [weighted_sum]. unfold ls, vs. rewrite weighted_total.
      pose proof (B (unit_row 1 k) LY) as E.
      rewrite dot_unit_row in E. unfold y in E at 2. rewrite nth_minus in E.
      assert (E' : total (fun c => coordinate y c * dot (unit_row 1 k) (ray (which c)))
                    (corners s)
                   == total (fun c => coordinate y c * nth k (nth (which c) points []) 0)
                        (corners s) - q * nth k (centre e) 0).
      { unfold q. rewrite <- total_scale, <- total_minus. apply total_ext. intros c C.
        rewrite dot_ray, !dot_unit_row by now apply W. ring. }
      rewrite E' in E. lra.
Qed.

(** ** Nothing can be left out *)

Lemma each_apart_spec : forall A (test : vec -> A -> list A -> bool) l before es,
  each_apart test before l es = true -> forall l1 a l2, l = l1 ++ a :: l2 ->
  exists x, test x a ((before ++ l1) ++ l2) = true.
Proof.
  intros A test. induction l as [|b l IH]; intros before es E l1 a l2 H.
  - now destruct l1.
  - destruct es as [|x es]; [discriminate|]. cbn [each_apart] in E.
    apply andb_prop in E as [E E']. destruct l1 as [|c l1]; simpl in H; injection H as -> ->.
    + exists x. now rewrite app_nil_r.
    + destruct (IH _ _ E' l1 a l2 eq_refl) as (u & U). exists u.
      now rewrite <- (app_assoc before [c] l1) in U.
Qed.

Variable S : set.
Hypothesis rows_hold : forall v, S v -> within rows v.
Hypothesis points_real : forall v, In v points -> conv_of S v.

Theorem is_spread_sound : hull_is S n rows points.
Proof.
  destruct unfolded as (_ & _ & F & _ & _ & _ & _ & _ & V & P).
  assert (R : forall x, conv_of S x -> within rows x).
  { intros x C. apply Forall_forall. intros [a b] I. apply (conv_of_row S); [|exact C].
    intros v J. exact (proj1 (Forall_forall _ _) (rows_hold v J) _ I). }
  assert (C : forall x, length x = n -> within rows x -> conv_of (fun v => In v points) x)
    by exact rows_are_covered.
  assert (D : forall x, conv_of (fun v => In v points) x -> conv_of S x)
    by (intros x; now apply conv_of_conv).
  split; [|split; [|split]].
  - intros x L. split; [apply R|]. intros W. now apply D, C.
  - intros x L. split; [|apply D]. intros W. now apply C, R.
  - intros l1 [a b] l2 E. destruct (each_apart_spec _ _ _ _ _ V l1 _ l2 E) as (x & X).
    unfold violates in X. apply andb_prop in X as [X X3]. apply andb_prop in X as [X1 X2].
    exists x. split; [now apply PeanoNat.Nat.eqb_eq|]. split.
    + apply Forall_forall. intros r I. rewrite forallb_forall in X3.
      now apply Qle_bool_iff, X3.
    + intros W. inversion W as [|? ? W' _]; subst. apply less_sound in X2. simpl in *. lra.
  - intros l1 v l2 E C'. destruct (each_apart_spec _ _ _ _ _ P l1 _ l2 E) as (a & X).
    unfold greatest in X. rewrite forallb_forall in X.
    assert (H : exists b, b < dot a v /\ forall u, In u (l1 ++ l2) -> dot a u <= b).
    { clear -X. simpl in X. induction (l1 ++ l2) as [|u l IH].
      - exists (dot a v - 1). split; [lra | intros u []].
      - destruct IH as (b & B1 & B2); [intros; apply X; now right|].
        pose proof (less_sound _ _ (X u (or_introl eq_refl))) as U.
        destruct (Qlt_le_dec b (dot a u)) as [G|G].
        + exists (dot a u). split; [assumption|]. intros w [->|I]; [apply Qle_refl|].
          specialize (B2 w I). lra.
        + exists b. split; [assumption|]. intros w [->|I]; [assumption | now apply B2]. }
    destruct H as (b & B1 & B2).
    pose proof (conv_of_row _ a b v B2 C'). lra.
Qed.

End Check.
