(** * Certificates: rows and points of relaxations, each derived from earlier ones

    The nodes of a certificate in the format [polyrelax-certificate/1].  A row bounds a
    relaxation from outside, a point is a trace that it admits. *)

From Coq Require Import ZArith QArith List Lqa Lia Bool.
From Polyrelax Require Import Network Traces Farkas Symbolic PhaseTree Relaxation Attained.
From Polyrelax Require Import Layered Lines Boxes Rows Windows Hulls Spans Lipschitz.
Import ListNotations.
Open Scope Q_scope.

(** ** What is claimed *)

(** The relaxation that a kind names; the exact one has the runs only. *)
Definition relaxed (k : kind) : relaxation := fun X net =>
  match k with
  | Exact => runs net X
  | Triangle => layered triangle_layer X net
  | KReLU m => layered (krelu_layer m) X net
  | MultiNeuron m => layered (M_layer m) X net
  | Windowed r => P r X net
  | Boxed => layered box_layer X net
  | Lined m => layered (line_layer m) X net
  | Assumed => runs net X
  end.

(** The values at some places that the relaxation leaves. *)
Definition seen (k : kind) (X : set) (net : network) (ps : list place) : set :=
  fun v => exists t, relaxed k X net t /\ eqv v (map (value_at t) ps).

Inductive statement :=
| AtMost (k : kind) (f : form) (b : Q)
| Reaches (k : kind) (f : form) (b : Q)
| HullOf (k : kind) (ps : list place) (rows : list (vec * Q)) (points : list vec)
| Outside (f : form) (span : list form)
| Under (assumed : list (form * Q)) (f : form) (b : Q)
| Missed (F : Q) (f : form) (b : Q).

(** The rows [form <= limit] hold. *)
Definition satisfies (t : trace) (rs : list (form * Q)) : Prop :=
  Forall (fun r => amount (fst r) t <= snd r) rs.

Definition true_of (X : set) (net : network) (s : statement) : Prop :=
  match s with
  | AtMost k f b => forall t, relaxed k X net t -> amount f t <= b
  | Reaches k f b => exists t, relaxed k X net t /\ amount f t == b
  | HullOf k ps rows points => hull_is (seen k X net ps) (length ps) rows points
  | Outside f span => outside_span X net f span
  | Under assumed f b =>
      forall x, X x -> satisfies (run net x) assumed -> amount f (run net x) <= b
  | Missed F f b => missed X net F f b
  end.

(** ** Nodes *)

Record group := { members : list nat; mixture : list (Q * nat) }.

Inductive node :=
| Linear (k : kind) (d : nat) (f : form) (b : Q) (l : terms)
| Cases (k : kind) (d : nat) (f : form) (b : Q) (c : cases) (unstable : list (nat * (nat * nat)))
| Run (x : vec)
| Mixed (k : kind) (x : vec) (groups : list (list group)) (stable : list (list (nat * nat)))
| Glued (r : nat) (windows : list (list (Q * nat)))
| Range (k : kind) (p : place) (low high least greatest : nat)  (** two rows, two points *)
| Between (m : method) (t : trace)
| Boxes (inputs : list nat) (start : nat) (sides : list (place * bool)).
    (** ranges of the inputs, a point, and which ends become rows: the upper one or not *)

Definition method_eqb (m n : method) : bool :=
  match m, n with
  | DeepPoly0, DeepPoly0 | DeepPoly1, DeepPoly1 | CROWN, CROWN | FastLin, FastLin => true
  | _, _ => false
  end.

Definition kind_eqb (a b : kind) : bool :=
  match a, b with
  | Exact, Exact | Triangle, Triangle | Assumed, Assumed => true
  | KReLU m, KReLU n | MultiNeuron m, MultiNeuron n | Windowed m, Windowed n => (m =? n)%nat
  | Boxed, Boxed => true
  | Lined m, Lined n => method_eqb m n
  | _, _ => false
  end.

Definition layer_of (k : kind) : layer_relaxation :=
  match k with
  | Exact | Assumed => exact_layer
  | Triangle => triangle_layer
  | KReLU m => krelu_layer m
  | MultiNeuron m => M_layer m
  | Windowed _ => hull_layer
  | Boxed => box_layer
  | Lined m => line_layer m
  end.

(** Whether forms are carried back through the relaxation's layers; boxes forget them. *)
Definition carries (k : kind) : bool := match k with Boxed => false | _ => true end.

(** A range of a coordinate, on what a relaxation admits. *)
Definition known_range := (kind * (place * (Q * Q)))%type.

Definition rules_for (ranges : list known_range) (k : kind) : neuron_rules := {|
  rectifies := match k with Boxed | Lined _ => false | _ => true end;
  line_below := fun l u => match k with Lined m => Some (slope m l u) | _ => None end;
  range_of := fun n =>
    match nth_error ranges n with
    | Some (kr, r) => if kind_eqb kr k then Some r else None
    | None => None
    end
|}.

(** Whether the relaxation sees one layer at a time. *)
Definition narrow (k : kind) : bool :=
  match k with Windowed 1 => true | Windowed _ | Assumed => false | _ => true end.

Definition proper (k : kind) : bool := match k with Windowed O | Assumed => false | _ => true
    end.

(** Rows that hold on the relaxation of the layers before. *)
Definition base_use (k : kind) (r : known_row) : bool :=
  match k with
  | Exact | Assumed => narrow (of r)
  | Windowed _ => kind_eqb (of r) (Windowed 1)
  | _ => kind_eqb (of r) k
  end.

Definition may_use (k : kind) (r : known_row) : bool := base_use k r || kind_eqb (of r) k.

Definition places_between (a b : nat) (f : form) : bool :=
  forallb (fun cp => (a <=? fst (snd cp))%nat && (fst (snd cp) <=? b)%nat) f.

Definition top (f : form) : nat := fold_right (fun cp n => Nat.max (fst (snd cp)) n) 0%nat f.

Definition read_at (i : nat) (f : form) : form :=
  filter (fun cp => (fst (snd cp) =? i)%nat) f.

Definition reads_index (f : form) (j : nat) : bool :=
  existsb (fun cp => (snd (snd cp) =? j)%nat) f.

Definition group_of (mask : list bool) (f : form) : list nat :=
  filter (reads_index f) (neurons_of mask).

Definition in_group (J : list nat) (f : form) : bool :=
  forallb (fun cp => existsb (Nat.eqb (snd (snd cp))) J) f.

(** Sublists of at most [k] elements. *)
Fixpoint choices {A} (k : nat) (l : list A) : list (list A) :=
  match l with
  | [] => [[]]
  | a :: l' => choices k l' ++ match k with O => [] | S k' => map (cons a) (choices k' l') end
  end.

(** A mixture: weights, and values that reach a layer. *)
Definition values := (vec * list vec)%type.

Definition mixes (g : vec -> trace) (w : values) (t : trace) : bool :=
  in_hull (fst w) (map g (snd w)) t.

Fixpoint relu_mixes (ws : list values) (j : nat) (mask : list bool) (z y : vec) : bool :=
  match z, y with
  | [], [] => true
  | a :: z', b :: y' =>
      (if hd false mask then
         existsb (fun w => in_hull (fst w) (graph_points (map (fun v => [v]) (snd w)) j)
                             [[a; b]]) ws
       else Qeq_bool b a)
      && relu_mixes ws (S j) (tl mask) z' y'
  | _, _ => false
  end.

Definition step_mixes (ws : list values) (f : layer) (z y : vec) : bool :=
  match f with
  | ReLU mask => relu_mixes ws 0 mask z y
  | _ => all2 Qeq_bool y (apply f z)
  end.

Definition groups_mix (ws : list values) (k : nat) (J : list nat) (whole : bool)
    (mask : list bool) (z y : vec) : bool :=
  forallb (fun S =>
    existsb (fun w => mixes (fun v => [if whole then v else pick S v; pick S (relu_on mask v)])
                        w [if whole then z else pick S z; pick S y]) ws) (choices k J).

Definition layer_mixes (k : kind) (ws : list values) (stable : list nat) (f : layer) (z y : vec)
    : bool :=
  match k with
  | Exact => all2 Qeq_bool y (apply f z)
  | Triangle => step_mixes ws f z y
  | KReLU m => step_mixes ws f z y && match f with
      | ReLU mask => groups_mix ws m
          (filter (fun j => negb (existsb (Nat.eqb j) stable)) (neurons_of mask)) false mask z y
      | _ => true
      end
  | MultiNeuron m => step_mixes ws f z y && match f with
      | ReLU mask => groups_mix ws m (neurons_of mask) true mask z y
      | _ => true
      end
  | Windowed _ => existsb (fun w => mixes (fun v => [v; apply f v]) w [z; y]) ws
  | Boxed | Lined _ | Assumed => false
  end.

(** Outputs of the groups' members come from their mixtures. *)
Definition chosen (f : layer) (gs : list (list nat * values)) (j : nat) (y : Q) : Q :=
  match find (fun g => existsb (Nat.eqb j) (fst g)) gs with
  | Some (_, (ws, vs)) =>
      Qred (nth j (hd [] (combination (combine ws (map (fun v => [apply f v]) vs)))) 0)
  | None => y
  end.

Fixpoint replaced (f : layer) (gs : list (list nat * values)) (j : nat) (y : vec) : vec :=
  match y with [] => [] | b :: y' => chosen f gs j b :: replaced f gs (S j) y' end.

Definition next (f : layer) (gs : list (list nat * values)) (z : vec) : vec :=
  match gs with [] => apply f z | _ => replaced f gs 0 (apply f z) end.

Fixpoint walk (fs : network) (gs : list (list (list nat * values))) (z : vec) : trace :=
  match fs with
  | [] => [z]
  | f :: fs' => z :: walk fs' (tl gs) (next f (hd [] gs) z)
  end.

Fixpoint walk_mixes (k : kind) (fs : network) (gs : list (list (list nat * values)))
    (stable : list (list nat)) (z : vec) : bool :=
  match fs with
  | [] => true
  | f :: fs' =>
      let y := next f (hd [] gs) z in
      layer_mixes k (([1], [z]) :: map snd (hd [] gs)) (hd [] stable) f z y
      && walk_mixes k fs' (tl gs) (tl stable) y
  end.

Section Certificate.

Variable net : network.
Variable X : polytope.
Variable assumed : list (form * Q).

Definition known_point := (kind * trace)%type.

Definition row_proved (rows : list known_row) (ranges : list known_range) (k : kind) (d : nat)
    (f : form) (b : Q) (l : terms) : bool :=
  (d <=? length net)%nat && (narrow k || (d =? length net)%nat) && places_between 0 d f
  && carries k && covers net X rows (may_use k) (base_use k) (rules_for ranges k) d d []
      (Leaf l) f b.

Definition has_sign (points : list known_point) (k : kind) (i j n : nat) (positive : bool)
    : bool :=
  match nth_error points n with
  | Some (kp, t) =>
      (kind_eqb kp k || kind_eqb kp Exact)
      && if positive then negb (Qle_bool (value_at t (i, j)) 0)
         else negb (Qle_bool 0 (value_at t (i, j)))
  | None => false
  end.

Definition shown_unstable (points : list known_point) (k : kind) (i : nat)
    (ws : list (nat * (nat * nat))) (j : nat) : bool :=
  existsb (fun w => (fst w =? j)%nat && has_sign points k i j (fst (snd w)) false
                    && has_sign points k i j (snd (snd w)) true) ws.

(** One layer, from depth [i] to [i + 1]. *)
Definition sees (points : list known_point) (k : kind) (i : nat) (f : form)
    (ws : list (nat * (nat * nat))) : bool :=
  match k, nth_error net i with
  | Windowed 1, Some _ => true
  | KReLU m, Some (ReLU mask) =>
      let J := group_of mask f in
      in_group J f && (length J <=? m)%nat && forallb (shown_unstable points k i ws) J
  | MultiNeuron m, Some (ReLU mask) =>
      let J := group_of mask (read_at (S i) f) in
      in_group J (read_at (S i) f) && (length J <=? m)%nat
  | _, _ => false
  end.

Definition window_start (r : nat) (f : form) : nat := (top f - r)%nat.

Definition cases_proved (rows : list known_row) (points : list known_point)
    (ranges : list known_range) (k : kind) (d : nat) (f : form) (b : Q) (c : cases) (ws :
        list (nat * (nat * nat))) : bool :=
  (d <=? length net)%nat
  && match k with
     | Exact => places_between 0 d f
         && covers net X rows (base_use k) (base_use k) (rules_for ranges k) 0 d [] c f b
     | Triangle => false
     | _ =>
         if narrow k then
           match d with
           | O => false
           | S i => places_between i d f && sees points k i f ws
                    && covers net X rows (base_use k) (base_use k) (rules_for ranges k) i d []
                         c f b
           end
         else
           match k with
           | Windowed r =>
               let s := window_start r f in
               let e := Nat.min (s + r) (length net) in
               (d =? length net)%nat && places_between s e f && (0 <? r)%nat
               && ((s + r <=? length net)%nat || (s =? 0)%nat)
               && covers net X rows (base_use k) (base_use k) (rules_for ranges k) s e [] c f b
           | _ => false
           end
     end.

(** Rows of runs that satisfy the assumptions; these stand behind the rows. *)
Definition assumptions : list known_row :=
  map (fun r => {| of := Assumed; depth := top (fst r); row_form := fst r; row_limit := snd r |})
      assumed.

Definition assumed_proved (rows : list known_row) (d : nat) (f : form) (b : Q) (c : cases) :
    bool :=
  (d =? length net)%nat && places_between 0 d f
  && covers net X (rows ++ assumptions) (may_use Assumed) (base_use Assumed) (rules_for []
      Assumed)
       0 d [] c f b.

Definition linear_proved (rows : list known_row) (ranges : list known_range) (k : kind) (d : nat)
    (f : form) (b : Q) (l : terms) : bool :=
  match k with
  | Assumed => assumed_proved rows d f b (Leaf l)
  | _ => proper k && row_proved rows ranges k d f b l
  end.

Definition split_proved (rows : list known_row) (points : list known_point)
    (ranges : list known_range) (k : kind) (d : nat) (f : form) (b : Q) (c : cases)
    (ws : list (nat * (nat * nat))) : bool :=
  match k with
  | Assumed => assumed_proved rows d f b c
  | _ => proper k && cases_proved rows points ranges k d f b c ws
  end.

Definition resolved (points : list known_point) (k : kind) (i : nat) (m : list (Q * nat))
    : option values :=
  fold_right (fun wn found =>
    match found, nth_error points (snd wn) with
    | Some (ws, vs), Some (kp, t) =>
        if kind_eqb kp k || kind_eqb kp Exact then Some (fst wn :: ws, nth i t [] :: vs)
        else None
    | _, _ => None
    end) (Some ([], [])) m.

Fixpoint all_some {A} (l : list (option A)) : option (list A) :=
  match l with
  | [] => Some []
  | None :: _ => None
  | Some a :: l' => option_map (cons a) (all_some l')
  end.

Fixpoint resolved_groups (points : list known_point) (k : kind) (i : nat)
    (gs : list (list group)) : option (list (list (list nat * values))) :=
  match gs with
  | [] => Some []
  | g :: gs' =>
      match all_some (map (fun h => option_map (pair (members h))
                                      (resolved points k i (mixture h))) g),
            resolved_groups points k (S i) gs' with
      | Some l, Some ls => Some (l :: ls)
      | _, _ => None
      end
  end.

(** Row [n] shows that neuron [j] behind [i] layers has one sign only. *)
Definition shown_stable (rows : list known_row) (k : kind) (i : nat) (jn : nat * nat) : bool :=
  match nth_error rows (snd jn) with
  | Some r => base_use k r && (depth r <=? i)%nat
      && match bound_of (i, fst jn) r with
         | Some (Some l, None) => Qle_bool 0 l
         | Some (None, Some u) => Qle_bool u 0
         | _ => false
         end
  | None => false
  end.

Fixpoint all_stable (rows : list known_row) (k : kind) (i : nat) (l : list (list (nat * nat)))
    : bool :=
  match l with
  | [] => true
  | js :: l' => forallb (shown_stable rows k i) js && all_stable rows k (S i) l'
  end.

Fixpoint resolved_windows (points : list known_point) (i : nat) (ws : list (list (Q * nat)))
    : option (list values) :=
  match ws with
  | [] => Some []
  | w :: ws' =>
      match resolved points (Windowed 1) i w, resolved_windows points (S i) ws' with
      | Some v, Some vs => Some (v :: vs)
      | _, _ => None
      end
  end.

(** The bound of a place by a row of kind [k] that holds so far. *)
Definition end_by (rows : list known_row) (k : kind) (p : place) (n : nat)
    : option (option Q * option Q) :=
  match nth_error rows n with
  | Some r => if base_use k r && (depth r <=? fst p)%nat then bound_of p r else None
  | None => None
  end.

Definition attains (points : list known_point) (k : kind) (p : place) (n : nat) (q : Q) : bool :=
  match nth_error points n with
  | Some (kp, t) => (kind_eqb kp k || kind_eqb kp Exact) && Qeq_bool (value_at t p) q
  | None => false
  end.

Definition range_proved (rows : list known_row) (points : list known_point) (k : kind) (p :
    place)
    (low high least greatest : nat) : option (Q * Q) :=
  match end_by rows k p low, end_by rows k p high with
  | Some (Some l, None), Some (None, Some u) =>
      if proper k && (fst p <=? length net)%nat
         && attains points k p least l && attains points k p greatest u
      then Some (l, u) else None
  | _, _ => None
  end.

(** Each output is the ReLU's, or between the lines for a range of its input. *)
Fixpoint line_steps (ranges : list known_range) (m : method) (i j : nat) (mask : list bool)
    (z y : vec) : bool :=
  match z, y with
  | [], [] => true
  | a :: z', b :: y' =>
      (if hd false mask then
         Qeq_bool b (relu a)
         || existsb (fun r => kind_eqb (fst r) (Lined m) && same_place (fst (snd r)) (i, j)
              && between_lines m (fst (snd (snd r))) (snd (snd (snd r))) a b) ranges
       else Qeq_bool b a)
      && line_steps ranges m i (S j) (tl mask) z' y'
  | _, _ => false
  end.

Fixpoint line_trace (ranges : list known_range) (m : method) (i : nat) (fs : network) (t : trace)
    : bool :=
  match fs, t with
  | [], [_] => true
  | f :: fs', z :: ((y :: _) as t') =>
      match f with
      | ReLU mask => line_steps ranges m i 0 mask z y
      | _ => all2 Qeq_bool y (apply f z)
      end && line_trace ranges m (S i) fs' t'
  | _, _ => false
  end.

(** The box of the inputs, by exact ranges. *)
Fixpoint input_box (ranges : list known_range) (j : nat) (ns : list nat) : option (list (Q *
    Q)) :=
  match ns with
  | [] => Some []
  | n :: ns' =>
      match nth_error ranges n, input_box ranges (S j) ns' with
      | Some (Exact, (p, lu)), Some b => if same_place p (0%nat, j) then Some (lu :: b) else None
      | _, _ => None
      end
  end.

Definition side_row (bs : list (list (Q * Q))) (side : place * bool) : known_row :=
  let '((i, j), upper) := side in
  let '(l, u) := nth j (nth i bs []) (0, 0) in
  {| of := Boxed; depth := i; row_form := [(if upper then 1 else -(1), (i, j))];
     row_limit := if upper then u else - l |}.

Definition side_fits (bs : list (list (Q * Q))) (side : place * bool) : bool :=
  (fst (fst side) <=? length net)%nat
  && (snd (fst side) <? length (nth (fst (fst side)) bs []))%nat.

Record proved := {
  rows_of : list known_row;
  points_of : list known_point;
  ranges_of : list known_range
}.

Definition nothing : proved := {| rows_of := []; points_of := []; ranges_of := [] |}.

Definition with_rows (p : proved) (rs : list known_row) : proved := {|
  rows_of := rows_of p ++ rs; points_of := points_of p; ranges_of := ranges_of p |}.
Definition with_points (p : proved) (ts : list known_point) : proved := {|
  rows_of := rows_of p; points_of := points_of p ++ ts; ranges_of := ranges_of p |}.
Definition with_range (p : proved) (r : known_range) : proved := {|
  rows_of := rows_of p; points_of := points_of p; ranges_of := ranges_of p ++ [r] |}.

Definition add_node (p : proved) (n : node) : option proved :=
  let rows := rows_of p in
  let points := points_of p in
  let ranges := ranges_of p in
  match n with
  | Linear k d f b l =>
      if linear_proved rows ranges k d f b l then
        Some (with_rows p [{| of := k; depth := d; row_form := f; row_limit := b |}])
      else None
  | Cases k d f b c ws =>
      if split_proved rows points ranges k d f b c ws then
        Some (with_rows p [{| of := k; depth := d; row_form := f; row_limit := b |}])
      else None
  | Run x => if is_inside X x then Some (with_points p [(Exact, run net x)]) else None
  | Mixed k x gs stable =>
      match resolved_groups points k 0 gs with
      | Some vs =>
          if narrow k && negb (kind_eqb k Exact) && is_inside X x && all_stable rows k 0 stable
             && walk_mixes k net vs (map (map fst) stable) x
          then Some (with_points p [(k, walk net vs x)]) else None
      | None => None
      end
  | Glued r ws =>
      match resolved_windows points 0 ws with
      | Some vs =>
          let t := glued_windows r net vs in
          if (0 <? r)%nat && (length ws <=? S (length net))%nat && windows_agree r net t vs
          then Some (with_points p [(Windowed r, t)]) else None
      | None => None
      end
  | Range k q low high least greatest =>
      match range_proved rows points k q low high least greatest with
      | Some lu => Some (with_range p (k, (q, lu)))
      | None => None
      end
  | Between m t =>
      if is_inside X (hd [] t) && line_trace ranges m 0 net t
      then Some (with_points p [(Lined m, t)]) else None
  | Boxes ns start sides =>
      match input_box ranges 0 ns, nth_error points start with
      | Some b, Some (Exact, t) =>
          let bs := boxes_of b net in
          if (length ns =? dimension X)%nat && forallb (side_fits bs) sides then
            Some (with_points (with_rows p (map (side_row bs) sides))
              [(Boxed, end_trace false (hd [] t) bs); (Boxed, end_trace true (hd [] t) bs)])
          else None
      | _, _ => None
      end
  end.

Fixpoint add_nodes (p : proved) (ns : list node) : option proved :=
  match ns with
  | [] => Some p
  | n :: ns' => match add_node p n with Some p' => add_nodes p' ns' | None => None end
  end.

Definition same_form (f g : form) : bool :=
  all2 (fun a b => Qeq_bool (fst a) (fst b) && same_place (snd a) (snd b)) f g.

(** What proves that a hull is complete, and the rows and points of its facets and vertices;
    or a functional, by weights of points; or pairs of points. *)
Inductive evidence :=
| Spread (e : spread) (rows points : list nat)
| Functional (l : list (Q * nat))
| Paired (l : list (Q * (nat * nat))).

Definition negated (f : form) : form := map (fun cp => (- fst cp, snd cp)) f.

(** The forms are equal but for their order and for zeros. *)
Definition agree (f g : form) : bool :=
  match is_constant (affine_of (f ++ negated g) 0) with
  | Some q => Qeq_bool q 0
  | None => false
  end.

Definition states_row (p : proved) (k : kind) (ps : list place) (row : vec * Q) (n : nat) :
    bool :=
  match nth_error (rows_of p) n with
  | Some r => kind_eqb (of r) k && (depth r <=? length net)%nat
              && agree (combine (fst row) ps) (row_form r) && Qle_bool (row_limit r) (snd row)
  | None => false
  end.

Definition states_point (p : proved) (k : kind) (ps : list place) (v : vec) (n : nat) : bool :=
  match nth_error (points_of p) n with
  | Some (kp, t) => (kind_eqb kp k || kind_eqb kp Exact)
                    && all2 Qeq_bool v (map (value_at t) ps)
  | None => false
  end.

Definition exact_point (p : proved) (wn : Q * nat) : option (Q * trace) :=
  match nth_error (points_of p) (snd wn) with
  | Some (Exact, t) => Some (fst wn, t)
  | _ => None
  end.

Definition exact_pair (p : proved) (wmn : Q * (nat * nat)) : option (Q * (trace * trace)) :=
  match exact_point p (fst wmn, fst (snd wmn)), exact_point p (fst wmn, snd (snd wmn)) with
  | Some (w, s), Some (_, t) => Some (w, (s, t))
  | _, _ => None
  end.

(** Equal assumptions, in the same order. *)
Definition are_assumed (rs : list (form * Q)) : bool :=
  all2 (fun r s => same_form (fst r) (fst s) && Qeq_bool (snd r) (snd s)) assumed rs.

(** A statement, with the number of the row, the point or the evidence that proves it. *)
Definition proves (p : proved) (es : list evidence) (sn : statement * nat) : bool :=
  match fst sn with
  | HullOf k ps rows points =>
      match nth_error es (snd sn) with
      | Some (Spread e ms ns) =>
          proper k && all2 (states_row p k ps) rows ms && all2 (states_point p k ps) points ns
          && is_spread (length ps) rows points e
      | _ => false
      end
  | Outside f span =>
      match nth_error es (snd sn) with
      | Some (Functional l) =>
          match all_some (map (exact_point p) l) with
          | Some wts => separates wts f span
          | None => false
          end
      | _ => false
      end
  | Missed F f b =>
      match nth_error es (snd sn) with
      | Some (Paired l) =>
          match all_some (map (exact_pair p) l) with
          | Some ps => shows_missed (dimension X) ps F f b
          | None => false
          end
      | _ => false
      end
  | Under rs f b =>
      match nth_error (rows_of p) (snd sn) with
      | Some r => kind_eqb (of r) Assumed && are_assumed rs && same_form f (row_form r)
                  && Qle_bool (row_limit r) b
      | None => false
      end
  | AtMost k f b =>
      match nth_error (rows_of p) (snd sn) with
      | Some r => proper k && kind_eqb (of r) k && (depth r <=? length net)%nat
                  && same_form f (row_form r) && Qle_bool (row_limit r) b
      | None => false
      end
  | Reaches k f b =>
      match nth_error (points_of p) (snd sn) with
      | Some (kp, t) => proper k && (kind_eqb kp k || kind_eqb kp Exact)
                        && Qeq_bool (amount f t) b
      | None => false
      end
  end.

Definition certificate := (list node * list evidence)%type.

Definition check (c : certificate) (ss : list (statement * nat)) : bool :=
  match add_nodes nothing (fst c) with
  | Some p => forallb (proves p (snd c)) ss
  | None => false
  end.

(** ** Soundness *)

Definition row_valid (r : known_row) : Prop :=
  Forall (fun cp => (fst (snd cp) <= depth r)%nat) (row_form r)
  /\ (depth r <= length net)%nat
  /\ if narrow (of r) then forall t, layered (layer_of (of r)) (inside X) (firstn (depth r)
      net) t
                                     -> amount (row_form r) t <= row_limit r
     else if kind_eqb (of r) Assumed then
       depth r = length net /\ forall t, layered exact_layer (inside X) net t ->
         satisfies t assumed -> amount (row_form r) t <= row_limit r
     else depth r = length net /\ proper (of r) = true /\
          forall t, relaxed (of r) (inside X) net t -> amount (row_form r) t <= row_limit r.

Lemma kind_eqb_eq : forall a b, kind_eqb a b = true -> a = b.
Proof.
  intros [| |m|m|m| |m|] [| |n|n|n| |n|] E; simpl in E; try discriminate; trivial;
    try (apply PeanoNat.Nat.eqb_eq in E; now subst). now destruct m, n.
Qed.

Lemma layer_of_sound : forall k, sound (layer_of k).
Proof.
  intros [| |m|m|m| |m|]; [apply exact_sound | apply triangle_layer_sound | apply krelu_sound
    | apply M_sound | apply hull_sound | apply box_sound | apply line_sound
    | apply exact_sound].
Qed.

Lemma layer_of_tight : forall k, carries k = true -> rectifies (rules_for [] k) = true ->
  tight (layer_of k).
Proof.
  intros [| |m|m|m| |m|] C R; try discriminate; [apply exact_tight | apply triangle_tight
    | apply krelu_tight | apply M_tight | apply hull_tight | apply exact_tight].
Qed.

Lemma places_between_spec : forall a b f, places_between a b f = true ->
  Forall (fun cp => (a <= fst (snd cp) <= b)%nat) f.
Proof.
  intros a b f E. apply Forall_forall. intros cp I. unfold places_between in E.
  rewrite forallb_forall in E. specialize (E cp I). apply andb_prop in E as [A B].
  apply PeanoNat.Nat.leb_le in A, B. now split.
Qed.

(** A row of another kind holds on what the relaxation of kind [k] admits. *)
Lemma base_use_valid : forall k r, row_valid r -> base_use k r = true -> forall t,
  layered (layer_of k) (inside X) (firstn (depth r) net) t ->
  amount (row_form r) t <= row_limit r.
Proof.
  intros k r (_ & _ & V) U t T. assert (N : narrow (of r) = true).
  { destruct k; simpl in U; trivial; apply kind_eqb_eq in U; now rewrite U. }
  rewrite N in V. apply V.
  destruct k; simpl in U, T; try (apply kind_eqb_eq in U; now rewrite U);
    apply (exact_layered (layer_of (of r)) (layer_of_sound _) _ (inside X)); trivial.
Qed.

Lemma nth_run : forall fs f i x, nth_error fs i = Some f ->
  nth (S i) (run fs x) [] = apply f (nth i (run fs x) []).
Proof.
  induction fs as [|g fs IH]; intros f [|i] x N; try discriminate.
  - simpl in N. injection N as ->. now destruct fs.
  - exact (IH f i _ N).
Qed.

Lemma nth_error_skipn : forall (A : Type) (l : list A) s i,
  nth_error (skipn s l) i = nth_error l (s + i).
Proof.
  induction l as [|a l IH]; intros [|s] i; simpl; trivial; now destruct i.
Qed.

Definition range_valid (r : known_range) : Prop :=
  let '(k, (p, (l, u))) := r in (fst p <= length net)%nat /\
  exact_range (reach (layer_of k) (inside X) net (fst p)) (snd p) l u.

Section Step.

Variable rows : list known_row.
Variable points : list known_point.
Hypothesis rows_valid : Forall row_valid rows.
Hypothesis points_valid : Forall (fun kt => relaxed (fst kt) (inside X) net (snd kt)) points.
Variable ranges : list known_range.
Hypothesis ranges_valid : Forall range_valid ranges.

Lemma the_row_valid : forall r, In r rows -> row_valid r.
Proof. now apply Forall_forall. Qed.

Lemma base_holds : forall k r, In r rows -> base_use k r = true -> forall t,
  layered (layer_of k) (inside X) (firstn (depth r) net) t ->
  amount (row_form r) t <= row_limit r.
Proof. intros k r I. apply base_use_valid. now apply the_row_valid. Qed.

Lemma row_is_local : forall r, In r rows ->
  Forall (fun cp => (fst (snd cp) <= depth r)%nat) (row_form r).
Proof. intros r I. now apply the_row_valid. Qed.

Lemma base_holds_on : forall k r d t, In r rows -> base_use k r = true -> (depth r <= d)%nat ->
  layered (layer_of k) (inside X) (firstn d net) t -> amount (row_form r) t <= row_limit r.
Proof.
  intros k r d t I U D T. pose proof (layered_prefix _ _ _ _ (depth r) T) as T'.
  rewrite firstn_firstn_le in T' by lia.
  rewrite (amount_local (row_form r) t (firstn (S (depth r)) t) (depth r)).
  - now apply (base_holds k).
  - intros i L. symmetry. apply nth_firstn. lia.
  - now apply row_is_local.
Qed.

Lemma rules_obeyed : forall k, carries k = true ->
  obeys net X (rules_for ranges k) (layer_of k).
Proof.
  intros k C. split; [|split; [|split]].
  - intros D f z y I S. destruct (rectifies (rules_for [] k)) eqn:R.
    + destruct (layer_of_tight k C R D f z y I S) as [A B].
      split; [now apply linked_joined | assumption].
    + destruct k as [| | | | | |m|]; try discriminate.
      split; [now apply (line_joined m D) | now apply (line_triangular m D f)].
  - intros R. now apply layer_of_tight.
  - intros D mask z y j l u s I S M E B. destruct k as [| | | | | |m|]; try discriminate.
    injection B as <-. pose proof (line_nth m D mask z y j I S) as H. rewrite M in H. now
        apply H.
  - intros n p l u E _. unfold rules_for in E. cbn [range_of] in E.
    destruct (nth_error ranges n) as [[kr r]|] eqn:N; [|discriminate].
    destruct (kind_eqb kr k) eqn:Q; [|discriminate]. injection E as ->.
    apply kind_eqb_eq in Q. subst kr. apply nth_error_In in N.
    rewrite Forall_forall in ranges_valid. apply (ranges_valid _ N).
Qed.

Lemma narrow_layered : forall r, proper (Windowed r) = true -> forall t,
  relaxed (Windowed r) (inside X) net t -> layered hull_layer (inside X) net t.
Proof.
  intros [|r] E t H; [discriminate|].
  apply (P_layered (S r)); [lia | apply polytope_convex | exact H].
Qed.

Lemma proper_not_assumed : forall k, proper k = true -> kind_eqb k Assumed = false.
Proof. now intros []. Qed.

Lemma row_proved_sound : forall k d f b l, row_proved rows ranges k d f b l = true ->
  proper k = true ->
  row_valid {| of := k; depth := d; row_form := f; row_limit := b |}.
Proof.
  intros k d f b l E K. unfold row_proved in E. repeat (apply andb_prop in E as [E ?]).
  apply PeanoNat.Nat.leb_le in E. rename H into C, H0 into R, H1 into B, H2 into W.
  apply places_between_spec in B.
  assert (B' : Forall (fun cp => (fst (snd cp) <= d)%nat) f)
    by (eapply Forall_impl; [|exact B]; simpl; intros; lia).
  assert (G : forall t, layered (layer_of k) (inside X) (firstn d net) t ->
    (forall r, In r rows -> may_use k r = true -> (depth r <= d)%nat ->
       amount (row_form r) t <= row_limit r) -> amount f t <= b).
  { intros t T H.
    apply (covers_sound net X rows (may_use k) (base_use k) (rules_for ranges k) (layer_of k)
      (rules_obeyed k R) (base_holds k) row_is_local d t T H (layer_of_sound k) E d)
      with (c := Leaf l) (ph := []); trivial.
    - intros i mask j I. lia.
    - intros p q Q. discriminate. }
  split; [exact B' | split; [exact E|]]. cbn [of depth row_form row_limit].
  destruct (narrow k) eqn:N.
  - intros t T. apply G; [assumption|]. intros r I U D.
    apply orb_prop in U as [U|U]; [now apply (base_holds_on k r d)|].
    apply (base_holds_on k r d); trivial. apply kind_eqb_eq in U. rewrite <- U in *.
    destruct (of r) eqn:O; simpl in N |- *; rewrite ?O; simpl; trivial;
      try (now rewrite PeanoNat.Nat.eqb_refl); try (now destruct m); try discriminate.
    destruct r0 as [|[|]]; simpl in N; try discriminate. reflexivity.
  - simpl in W. apply PeanoNat.Nat.eqb_eq in W. rewrite (proper_not_assumed k K).
    split; [exact W | split; [exact K|]].
    intros t T. destruct k as [| | | |r0| |m0|]; try discriminate.
    pose proof (narrow_layered r0 K t T) as T'. apply G.
    + subst d. now rewrite firstn_all.
    + intros r I U D. apply orb_prop in U as [U|U].
      * apply (base_holds_on (Windowed r0) r d); trivial. subst d. now rewrite firstn_all.
      * apply kind_eqb_eq in U. destruct (the_row_valid r I) as (_ & _ & V).
        rewrite U, N in V. cbn [kind_eqb] in V. now apply V.
Qed.

Lemma amount_moved : forall (f : form) (s u : trace) g,
  Forall (fun cp => value_at s (snd cp) == value_at u (g (snd cp))) f ->
  amount f s == amount (map (fun cp => (fst cp, g (snd cp))) f) u.
Proof.
  intros f s u g F. induction F as [|[c p] f E F IH]; simpl in *; [reflexivity|].
  now rewrite E, IH.
Qed.

(** The row holds where the layers from depth [s] are exact. *)
Lemma covers_run : forall k s d c f b, carries k = true -> (d <= length net)%nat ->
  (s <= d)%nat -> covers net X rows (base_use k) (base_use k) (rules_for ranges k) s d [] c f
      b = true ->
  places_between s d f = true ->
  forall v, reach (layer_of k) (inside X) net s v ->
  amount (map (fun cp => (fst cp, (fst (snd cp) - s, snd (snd cp))%nat)) f)
    (run (firstn (d - s) (skipn s net)) v) <= b.
Proof.
  intros k s d c f b CK D SD C B v R. apply places_between_spec in B.
  destruct (layered_extend _ (layer_of_sound k) s net (inside X) (d - s) v) as (t & T & E);
    [lia | assumption|]. replace (s + (d - s))%nat with d in T by lia.
  rewrite <- (amount_moved f t _ (fun p => (fst p - s, snd p)%nat)).
  - apply (covers_sound net X rows (base_use k) (base_use k) (rules_for ranges k) (layer_of k)
      (rules_obeyed k CK) (base_holds k) row_is_local d t T) with (s := s) (c := c) (ph := []);
      trivial.
    + intros r I U L. now apply (base_holds_on k r d).
    + apply layer_of_sound.
    + intros i mask j [L L'] N M.
      pose proof (E (i - s)%nat) as E1. pose proof (E (S (i - s))) as E2.
      replace (s + (i - s))%nat with i in E1 by lia.
      replace (s + S (i - s))%nat with (S i) in E2 by lia.
      assert (G : nth (S (i - s)) (run (firstn (d - s) (skipn s net)) v) []
                  = relu_on mask (nth (i - s) (run (firstn (d - s) (skipn s net)) v) [])).
      { apply (nth_run _ (ReLU mask)). rewrite nth_error_firstn_lt by lia.
        rewrite nth_error_skipn. now replace (s + (i - s))%nat with i by lia. }
      unfold value_at. cbn [fst snd].
      transitivity (nth j (relu_on mask (nth i t [])) 0).
      * apply nth_eqv. rewrite E2, E1, G. apply eqv_refl.
      * pose proof (nth_relu_on (nth i t []) mask j) as Q. rewrite M in Q. exact Q.
    + intros p q Q. discriminate.
  - eapply Forall_impl; [|exact B]. intros [c' [i j]] [L _]. simpl in *. unfold value_at.
    cbn [fst snd]. specialize (E (i - s)%nat). replace (s + (i - s))%nat with i in E by lia.
    apply nth_eqv. rewrite E. apply eqv_refl.
Qed.

Lemma nth_skipn : forall (A : Type) (l : list A) s i a, nth i (skipn s l) a = nth (s + i) l a.
Proof.
  induction l as [|b l IH]; intros [|s] i a; simpl; trivial; now destruct i.
Qed.

(** ** Cases *)

Fixpoint position (J : list nat) (j : nat) : nat :=
  match J with [] => O | a :: J' => if (a =? j)%nat then O else S (position J' j) end.

Lemma pick_position : forall J j v, existsb (Nat.eqb j) J = true ->
  nth (position J j) (pick J v) 0 = nth j v 0.
Proof.
  induction J as [|a J IH]; intros j v E; simpl in *; [discriminate|].
  destruct (PeanoNat.Nat.eqb_spec a j) as [->|N]; [reflexivity|].
  destruct (PeanoNat.Nat.eqb_spec j a) as [->|_]; [now elim N|]. simpl in E. now apply IH.
Qed.

Definition lowered (i : nat) (f : form) : form :=
  map (fun cp => (fst cp, (fst (snd cp) - i, snd (snd cp))%nat)) f.

Lemma lowered_pair : forall i f t, places_between i (S i) f = true ->
  amount f t == amount (lowered i f) [nth i t []; nth (S i) t []].
Proof.
  intros i f t B. apply places_between_spec in B.
  apply (amount_moved f t _ (fun p => (fst p - i, snd p)%nat)).
  eapply Forall_impl; [|exact B]. intros [c [a j]] [L H]. simpl in *. unfold value_at.
  cbn [fst snd]. assert (a = i \/ a = S i) as [-> | ->] by lia.
  - now rewrite PeanoNat.Nat.sub_diag.
  - now replace (S i - i)%nat with 1%nat by lia.
Qed.

Lemma point_reaches : forall k kp t n i, nth_error points n = Some (kp, t) ->
  proper k = true -> kind_eqb kp k || kind_eqb kp Exact = true -> (i <= length net)%nat ->
  reach (layer_of k) (inside X) net i (nth i t []).
Proof.
  intros k kp t n i N K E I. apply nth_error_In in N.
  rewrite Forall_forall in points_valid. specialize (points_valid _ N). cbn [fst snd] in *.
  assert (T : layered (layer_of k) (inside X) net t).
  { apply orb_prop in E as [E|E]; apply kind_eqb_eq in E; subst kp.
    - destruct k as [| | | |r| |m|]; trivial; try discriminate;
        [|now apply (narrow_layered r)].
      destruct points_valid as (x & J & ->). apply layered_run; [apply exact_sound | assumption].
    - destruct points_valid as (x & J & ->). apply layered_run; [apply layer_of_sound |
        assumption]. }
  clear -T I. generalize dependent (inside X). generalize (layer_of k) as L. clear k.
  intros L. revert i I t. induction net as [|f fs IH]; intros [|i] I t D T; simpl in I; try lia.
  - destruct t as [|z [|]]; simpl in *; try contradiction. exact T.
  - destruct t as [|z [|y t]]; simpl in *; try contradiction. now destruct T.
  - destruct t as [|z [|y t]]; simpl in T; try contradiction. destruct T as (_ & _ & T).
    apply (IH i ltac:(lia) (y :: t)). exact T.
Qed.

Lemma shown_unstable_sound : forall k i ws j, proper k = true -> (i <= length net)%nat ->
  shown_unstable points k i ws j = true -> unstable (reach (layer_of k) (inside X) net i) j.
Proof.
  intros k i ws j K I E. apply existsb_exists in E as ([j' [m n]] & _ & E). cbn [fst snd] in E.
  repeat (apply andb_prop in E as [E ?]). unfold has_sign in *.
  destruct (nth_error points m) as [[km s]|] eqn:M; [|discriminate].
  destruct (nth_error points n) as [[kn t]|] eqn:N; [|discriminate].
  apply andb_prop in H0 as [A1 A2]. apply andb_prop in H as [B1 B2]. split.
  - exists (nth i s []). split; [now apply (point_reaches k km s m)|].
    unfold value_at in A2. cbn [fst snd] in A2. apply Qnot_le_lt. intros Q.
    apply Qle_bool_iff in Q. now rewrite Q in A2.
  - exists (nth i t []). split; [now apply (point_reaches k kn t n)|].
    unfold value_at in B2. cbn [fst snd] in B2. apply Qnot_le_lt. intros Q.
    apply Qle_bool_iff in Q. now rewrite Q in B2.
Qed.

Lemma firstn_1_skipn : forall (A : Type) (l : list A) i a, nth_error l i = Some a ->
  firstn 1 (skipn i l) = [a].
Proof.
  induction l as [|b l IH]; intros [|i] a N; try discriminate; simpl in *; [congruence|].
  now apply IH.
Qed.

Lemma one_layer_sound : forall k i f b c ws, narrow k = true -> proper k = true ->
  k <> Exact -> (S i <= length net)%nat -> places_between i (S i) f = true ->
  sees points k i f ws = true ->
  covers net X rows (base_use k) (base_use k) (rules_for ranges k) i (S i) [] c f b = true ->
  forall t, layered (layer_of k) (inside X) (firstn (S i) net) t -> amount f t <= b.
Proof.
  intros k i f b c ws N K NE D B V C t T.
  assert (F : exists g, nth_error net i = Some g).
  { destruct (nth_error net i) eqn:E; [eauto|]. apply nth_error_None in E. lia. }
  destruct F as [g G].
  assert (CK : carries k = true)
    by (destruct k; trivial; cbn [sees] in V; now rewrite G in V).
  assert (H : forall v, reach (layer_of k) (inside X) net i v ->
            amount (lowered i f) [v; apply g v] <= b).
  { intros v R. pose proof (covers_run k i (S i) c f b CK D (PeanoNat.Nat.le_succ_diag_r i) C
      B v R)
      as A. replace (S i - i)%nat with 1%nat in A by lia.
    rewrite (firstn_1_skipn _ net i g G) in A. exact A. }
  assert (G' : nth_error (firstn (S i) net) i = Some g) by (rewrite nth_error_firstn_lt;
      trivial; lia).
  destruct (layered_step _ _ _ _ T i g G') as [R S]. rewrite reach_firstn in S by lia.
  rewrite (lowered_pair i f t B). set (z := nth i t []) in *. set (y := nth (Datatypes.S i) t
      []) in *.
  destruct k as [| |m|m|r| |m|]; try (now elim NE); cbn [sees] in V; rewrite G in V;
    try discriminate.
  - destruct g as [|mask|]; try discriminate. repeat (apply andb_prop in V as [V ?]).
    rename H0 into U, H1 into LE. apply PeanoNat.Nat.leb_le in LE.
    set (J := group_of mask f) in *. destruct S as [_ S].
    specialize (S (reads_index f) J eq_refl LE).
    assert (U' : Forall (unstable (reach (krelu_layer m) (inside X) net i)) J).
    { apply Forall_forall. intros j I. rewrite forallb_forall in U.
      apply (shown_unstable_sound (KReLU m) i ws j K); [lia | now apply U]. }
    specialize (S U').
    assert (M : forall v w, amount (lowered i f) [v; w]
              == amount (map (fun cp => (fst cp, (fst (snd cp), position J (snd (snd cp)))))
                           (lowered i f)) [pick J v; pick J w]).
    { intros v w. apply (amount_moved _ _ _ (fun p => (fst p, position J (snd p)))).
      unfold in_group in V. apply Forall_forall. intros cp I. apply in_map_iff in I as (cq &
          <- & I).
      rewrite forallb_forall in V. specialize (V cq I). unfold value_at. cbn [fst snd].
      destruct (fst (snd cq) - i)%nat as [|[|a]]; cbn [nth]; try (now rewrite pick_position);
        try reflexivity.
      destruct a; destruct (snd (snd cq)), (position J _); reflexivity. }
    rewrite M. apply (conv_amount _ _ _) with (2 := S). intros s (v & I & ->).
    rewrite <- M. now apply H.
  - destruct g as [|mask|]; try discriminate. apply andb_prop in V as [V LE].
    apply PeanoNat.Nat.leb_le in LE. set (J := group_of mask (read_at (Datatypes.S i) f)) in *.
    destruct S as [_ S]. specialize (S (reads_index (read_at (Datatypes.S i) f)) J eq_refl LE).
    set (move := fun p : place => match fst p with O => p | _ => (fst p, position J (snd p))
        end).
    assert (M : forall v w, amount (lowered i f) [v; w]
              == amount (map (fun cp => (fst cp, move (snd cp))) (lowered i f)) [v; pick J w]).
    { intros v w. apply (amount_moved _ _ _ move). apply Forall_forall. intros cp I.
      apply in_map_iff in I as (cq & <- & I). unfold value_at, move. cbn [fst snd].
      apply places_between_spec in B. rewrite Forall_forall in B. specialize (B cq I).
      destruct (fst (snd cq) - i)%nat as [|a] eqn:A; [reflexivity|]. cbn [fst snd].
      assert (a = O) as -> by lia. cbn [nth]. rewrite pick_position; [reflexivity|].
      unfold in_group in V. rewrite forallb_forall in V. apply V. apply filter_In.
      split; [assumption|]. apply PeanoNat.Nat.eqb_eq. lia. }
    rewrite M. apply (conv_amount _ _ _) with (2 := S). intros s (v & I & ->).
    rewrite <- M. now apply H.
  - apply (conv_amount _ _ _) with (2 := S). intros s (v & I & ->). now apply H.
Qed.

Lemma top_spec : forall f, Forall (fun cp => (fst (snd cp) <= top f)%nat) f.
Proof.
  induction f as [|cp f IH]; constructor; simpl; [lia|].
  eapply Forall_impl; [|exact IH]. simpl. intros. lia.
Qed.

Lemma layered_exact : forall d t i mask j, layered exact_layer (inside X) (firstn d net) t ->
  (i < d)%nat -> nth_error net i = Some (ReLU mask) -> nth j mask false = true ->
  value_at t (S i, j) == relu (value_at t (i, j)).
Proof.
  intros d t i mask j T L N M. rewrite <- (nth_error_firstn_lt _ net i d L) in N.
  destruct (layered_step _ _ _ _ T i _ N) as [_ S]. unfold value_at. cbn [fst snd].
  rewrite (nth_eqv _ _ S j). pose proof (nth_relu_on (nth i t []) mask j) as Q.
  rewrite M in Q. exact Q.
Qed.

Lemma cases_proved_sound : forall k d f b c ws, cases_proved rows points ranges k d f b c ws
    = true ->
  proper k = true -> row_valid {| of := k; depth := d; row_form := f; row_limit := b |}.
Proof.
  intros k d f b c ws E K. unfold cases_proved in E. apply andb_prop in E as [D E].
  apply PeanoNat.Nat.leb_le in D.
  assert (local : forall s e, places_between s e f = true -> (e <= d)%nat ->
            Forall (fun cp => (fst (snd cp) <= d)%nat) f).
  { intros s e B L. apply places_between_spec in B. eapply Forall_impl; [|exact B].
    simpl. intros. lia. }
  unfold row_valid. cbn [of depth row_form row_limit].
  destruct (kind_eqb k Exact) eqn:X0.
  { apply kind_eqb_eq in X0. subst k. apply andb_prop in E as [B C].
    split; [now apply (local 0%nat d)|]. split; [assumption|]. simpl narrow. cbn [layer_of].
    intros t T. apply (covers_sound net X rows (base_use Exact) (base_use Exact)
      (rules_for ranges Exact) exact_layer (rules_obeyed Exact eq_refl) (base_holds Exact)
      row_is_local d t T) with (s := 0%nat) (c := c) (ph := []); trivial.
    - intros r I U L. now apply (base_holds_on Exact r d).
    - apply exact_sound.
    - intros i mask j [_ L] N M. now apply (layered_exact d t i mask j T L).
    - intros p q Q. discriminate. }
  assert (NE : k <> Exact) by (intros ->; discriminate).
  assert (E' : (if narrow k then
             match d with
             | O => false
             | S i => places_between i d f && sees points k i f ws
                      && covers net X rows (base_use k) (base_use k) (rules_for ranges k) i d
                          [] c f b
             end
           else
             match k with
             | Windowed r =>
                 let s := window_start r f in
                 let e := Nat.min (s + r) (length net) in
                 (d =? length net)%nat && places_between s e f && (0 <? r)%nat
                 && ((s + r <=? length net)%nat || (s =? 0)%nat)
                 && covers net X rows (base_use k) (base_use k) (rules_for ranges k) s e [] c f b
             | _ => false
             end) = true).
  { destruct k; try exact E; discriminate. }
  clear E. destruct (narrow k) eqn:N.
  - destruct d as [|i]; [discriminate|]. repeat (apply andb_prop in E' as [E' ?]).
    split; [now apply (local i (S i))|]. split; [assumption|].
    now apply (one_layer_sound k i f b c ws).
  - destruct k as [| | | |r| |m|]; try discriminate. cbv zeta in E'.
    set (s := window_start r f) in *. set (e := Nat.min (s + r) (length net)) in *.
    repeat (apply andb_prop in E' as [E' ?]).
    rename H into C, H0 into W, H1 into R, H2 into B.
    apply PeanoNat.Nat.eqb_eq in E'. apply PeanoNat.Nat.ltb_lt in R.
    assert (LE : (e <= length net)%nat) by (unfold e; lia).
    split; [apply (local s e); trivial; lia|]. split; [assumption|]. split; [exact E'|].
    split; [exact K|]. intros t T.
    assert (W' : (s + r <= length net)%nat \/ s = O).
    { apply orb_prop in W as [W|W]; [left; now apply PeanoNat.Nat.leb_le
        | right; now apply PeanoNat.Nat.eqb_eq]. }
    pose proof (P_windows r net (inside X) t s R (polytope_convex X) T W') as V.
    assert (F : firstn r (skipn s net) = firstn (e - s) (skipn s net)).
    { unfold e. destruct (PeanoNat.Nat.leb_spec (s + r) (length net)).
      - f_equal. lia.
      - assert (s = O) as -> by lia. simpl skipn. rewrite !firstn_all2 by lia. reflexivity. }
    assert (SE : (s <= e)%nat) by (unfold e; destruct W'; lia).
    assert (A : amount f t == amount (lowered s f) (firstn (S r) (skipn s t))).
    { apply (amount_moved f t _ (fun p => (fst p - s, snd p)%nat)).
      apply places_between_spec in B. eapply Forall_impl; [|exact B].
      intros [c' [i j]] [L H]. simpl in *. unfold value_at. cbn [fst snd].
      assert (i <= s + r)%nat by (unfold e in H; lia).
      apply nth_eqv.
      assert (G : nth (i - s) (firstn (S r) (skipn s t)) [] = nth i t ([] : vec)).
      { etransitivity; [apply nth_firstn; lia|]. etransitivity; [apply nth_skipn|].
        now replace (s + (i - s))%nat with i by lia. }
      change (eqv (nth i t ([] : vec)) (nth (i - s) (firstn (S r) (skipn s t)) [])).
      rewrite G. apply eqv_refl. }
    rewrite A. apply (conv_amount _ _ _) with (2 := V). intros u (v & I & ->). rewrite F.
    now apply (covers_run (Windowed r) s e c f b).
Qed.

(** ** Assumptions *)

Lemma assumed_proved_sound : forall d f b c, assumed_proved rows d f b c = true ->
  row_valid {| of := Assumed; depth := d; row_form := f; row_limit := b |}.
Proof.
  intros d f b c E. apply andb_prop in E as [E C]. apply andb_prop in E as [D B].
  apply PeanoNat.Nat.eqb_eq in D. apply places_between_spec in B.
  split; [eapply Forall_impl; [|exact B]; simpl; intros; lia|].
  split; [cbn [depth]; lia|]. cbn [of depth row_form row_limit narrow kind_eqb].
  split; [exact D|]. intros t T A. rewrite <- (firstn_all net), <- D in T.
  assert (O : obeys net X (rules_for [] Assumed) exact_layer).
  { split; [|split; [|split]].
    - intros S g z y I J. destruct (exact_tight S g z y I J). split; [now apply
        linked_joined|assumption].
    - intros _. exact exact_tight.
    - discriminate.
    - intros [|n]; discriminate. }
  assert (W : forall r, In r (rows ++ assumptions) -> base_use Assumed r = true -> In r rows).
  { intros r I U. apply in_app_or in I as [I|I]; [assumption|]. unfold assumptions in I.
    apply in_map_iff in I as (a & <- & _). discriminate. }
  apply (covers_sound net X (rows ++ assumptions) (may_use Assumed) (base_use Assumed)
    (rules_for [] Assumed) exact_layer O) with (d := d) (s := 0%nat) (c := c) (ph := []);
        trivial.
  - intros r I U. apply (base_holds Assumed); [now apply W | assumption].
  - intros r I. apply in_app_or in I as [I|I]; [now apply row_is_local|].
    unfold assumptions in I. apply in_map_iff in I as (a & <- & _). apply top_spec.
  - intros r I U L. destruct (base_use Assumed r) eqn:BU.
    + apply (base_holds_on Assumed r d); trivial. now apply W.
    + unfold may_use in U. rewrite BU in U. apply kind_eqb_eq in U.
      apply in_app_or in I as [I|I].
      * destruct (the_row_valid r I) as (_ & _ & V). rewrite U in V. apply V; [|assumption].
        rewrite D, firstn_all in T. exact T.
      * unfold assumptions in I. apply in_map_iff in I as (a & <- & J).
        unfold satisfies in A. rewrite Forall_forall in A. exact (A a J).
  - apply exact_sound.
  - lia.
  - intros i mask j [_ L] N M. now apply (layered_exact d t i mask j T L).
  - intros p q Q. discriminate.
Qed.

Lemma linear_proved_sound : forall k d f b l, linear_proved rows ranges k d f b l = true ->
  row_valid {| of := k; depth := d; row_form := f; row_limit := b |}.
Proof.
  intros k d f b l E. destruct (kind_eqb k Assumed) eqn:A.
  - apply kind_eqb_eq in A. subst k. now apply (assumed_proved_sound d f b (Leaf l)).
  - assert (E' : proper k && row_proved rows ranges k d f b l = true)
      by (destruct k; trivial; discriminate).
    apply andb_prop in E' as [K C]. now apply (row_proved_sound k d f b l).
Qed.

Lemma split_proved_sound : forall k d f b c ws,
  split_proved rows points ranges k d f b c ws = true ->
  row_valid {| of := k; depth := d; row_form := f; row_limit := b |}.
Proof.
  intros k d f b c ws E. destruct (kind_eqb k Assumed) eqn:A.
  - apply kind_eqb_eq in A. subst k. now apply (assumed_proved_sound d f b c).
  - assert (E' : proper k && cases_proved rows points ranges k d f b c ws = true)
      by (destruct k; trivial; discriminate).
    apply andb_prop in E' as [K C]. now apply (cases_proved_sound k d f b c ws).
Qed.

(** ** Points *)

Definition one_sided (D : set) (j : nat) : Prop :=
  (forall v, D v -> 0 <= nth j v 0) \/ (forall v, D v -> nth j v 0 <= 0).

Lemma graph_points_of_values : forall (D : set) j vs, Forall D vs ->
  Forall (neuron_graph D j) (graph_points (map (fun v => [v]) vs) j).
Proof.
  intros D j vs F. induction F as [|v vs I F IH]; simpl; [constructor|].
  destruct (nth_error v j) as [s|] eqn:N; simpl; [|exact IH].
  constructor; [|exact IH]. now exists v, s.
Qed.

Lemma relu_mixes_sound : forall (D : set) ws, Forall (fun w => Forall D (snd w)) ws ->
  forall z j mask y, relu_mixes ws j mask z y = true ->
  relu_step (triangle_neuron D) j mask z y.
Proof.
  intros D ws F. induction z as [|a z IH]; intros j mask [|b y] E; simpl in E;
    try discriminate; simpl; [trivial|].
  apply andb_prop in E as [E E']. split; [|now apply IH].
  destruct (hd false mask); [|now apply Qeq_bool_eq].
  apply existsb_exists in E as (w & I & E). rewrite Forall_forall in F.
  apply (in_hull_sound (neuron_graph D j)) with (2 := E).
  now apply graph_points_of_values, F.
Qed.

Lemma step_mixes_sound : forall (D : set) ws f z y, Forall (fun w => Forall D (snd w)) ws ->
  step_mixes ws f z y = true -> triangle_layer D f z y.
Proof.
  intros D ws [rows'|mask|] z y F E; unfold triangle_layer; simpl in *; try now apply eqv_sound.
  now apply (relu_mixes_sound D ws).
Qed.

Lemma filter_in_choices : forall (A : Type) (p : A -> bool) l k,
  (length (filter p l) <= k)%nat -> In (filter p l) (choices k l).
Proof.
  intros A p. induction l as [|a l IH]; intros k L; simpl in *; [now left|].
  apply in_or_app. destruct (p a); simpl in L.
  - right. destruct k as [|k]; [lia|]. apply in_map, IH. lia.
  - left. now apply IH.
Qed.

Lemma filter_filter : forall (A : Type) (p q : A -> bool) l,
  Forall (fun a => q a = true) (filter p l) -> filter p (filter q l) = filter p l.
Proof.
  intros A p q. induction l as [|a l IH]; simpl; [reflexivity|]. destruct (p a) eqn:P.
  - intros F. inversion F as [|? ? Q F']; subst. rewrite Q. simpl. rewrite P. f_equal.
    now apply IH.
  - intros F. destruct (q a); simpl; rewrite ?P; now apply IH.
Qed.

Lemma groups_mix_sound : forall (D : set) ws k J whole mask z y,
  Forall (fun w => Forall D (snd w)) ws -> groups_mix ws k J whole mask z y = true ->
  forall p, (length (filter p J) <= k)%nat ->
  conv (fun t => exists v, D v /\ t = [if whole : bool then v else pick (filter p J) v;
                                       pick (filter p J) (relu_on mask v)])
       [if whole then z else pick (filter p J) z; pick (filter p J) y].
Proof.
  intros D ws k J whole mask z y F E p L. unfold groups_mix in E. rewrite forallb_forall in E.
  specialize (E _ (filter_in_choices _ p J k L)). apply existsb_exists in E as (w & I & E).
  apply in_hull_sound with (2 := E). rewrite Forall_forall in F. specialize (F w I).
  apply Forall_map. eapply Forall_impl; [|exact F]. intros v V. now exists v.
Qed.

Lemma layer_mixes_sound : forall (D : set) k ws stable f z y,
  Forall (fun w => Forall D (snd w)) ws -> Forall (one_sided D) stable ->
  layer_mixes k ws stable f z y = true -> layer_of k D f z y.
Proof.
  intros D k ws stable f z y F T E.
  destruct k as [| |m|m|r| |m|]; cbn [layer_mixes layer_of] in *; try discriminate.
  - now apply eqv_sound.
  - now apply (step_mixes_sound D ws).
  - apply andb_prop in E as [E1 E2]. split; [now apply (step_mixes_sound D ws)|].
    destruct f as [|mask|]; trivial. intros p J EJ L U.
    pose proof (groups_mix_sound D ws _ _ _ _ _ _ F E2 p) as H.
    rewrite filter_filter in H; [subst J; now apply H|]. subst J.
    apply Forall_forall. intros j I. apply negb_true_iff. apply not_true_is_false. intros X0.
    apply existsb_exists in X0 as (j' & I' & X0). apply PeanoNat.Nat.eqb_eq in X0. subst j'.
    rewrite Forall_forall in T, U. destruct (U j I) as [(v & V & N) (w & W & P)].
    destruct (T j I') as [A|A]; [specialize (A v V) | specialize (A w W)]; lra.
  - apply andb_prop in E as [E1 E2]. split; [now apply (step_mixes_sound D ws)|].
    destruct f as [|mask|]; trivial. intros p J EJ L. subst J.
    exact (groups_mix_sound D ws _ _ _ _ _ _ F E2 p L).
  - apply existsb_exists in E as (w & I & E). rewrite Forall_forall in F.
    apply in_hull_sound with (2 := E). apply Forall_map.
    eapply Forall_impl; [|exact (F w I)]. intros v V. now exists v.
Qed.

Lemma walk_shape : forall fs gs z, exists t, walk fs gs z = z :: t.
Proof. destruct fs; simpl; eauto. Qed.

Lemma walk_sound : forall k fs (D : set) gs stable z, D z ->
  (forall n, (n < length fs)%nat ->
     Forall (fun g => Forall (reach (layer_of k) D fs n) (snd (snd g))) (nth n gs [])) ->
  (forall n, (n < length fs)%nat ->
     Forall (one_sided (reach (layer_of k) D fs n)) (nth n stable [])) ->
  walk_mixes k fs gs stable z = true -> layered (layer_of k) D fs (walk fs gs z).
Proof.
  intros k. induction fs as [|f fs IH]; intros D gs stable z I G T E; [exact I|].
  cbn [walk_mixes walk] in *. cbv zeta in E. set (y := next f (hd [] gs) z) in *.
  apply andb_prop in E as [E E'].
  assert (S : layer_of k D f z y).
  { apply (layer_mixes_sound D k) with (3 := E).
    - constructor; [now repeat constructor|]. specialize (G 0%nat ltac:(simpl; lia)).
      apply Forall_map. destruct gs; [constructor | exact G].
    - specialize (T 0%nat ltac:(simpl; lia)). destruct stable; [constructor | exact T]. }
  assert (B : behind (layer_of k) f D y) by now exists z.
  assert (R : layered (layer_of k) (behind (layer_of k) f D) fs (walk fs (tl gs) y)).
  { apply (IH _ (tl gs) (tl stable)); trivial.
    - intros n L. specialize (G (Datatypes.S n) ltac:(simpl; lia)).
      destruct gs; [destruct n; constructor | exact G].
    - intros n L. specialize (T (Datatypes.S n) ltac:(simpl; lia)).
      destruct stable; [destruct n; constructor | exact T]. }
  destruct (walk_shape fs (tl gs) y) as [t W]. 
  change (layered (layer_of k) D (f :: fs) (z :: walk fs (tl gs) y)). rewrite W in R |- *.
  exact (conj I (conj S R)).
Qed.

Lemma resolved_sound : forall k i m ws vs, proper k = true -> (i <= length net)%nat ->
  resolved points k i m = Some (ws, vs) -> Forall (reach (layer_of k) (inside X) net i) vs.
Proof.
  intros k i m ws vs K I. revert ws vs.
  induction m as [|[w n] m IH]; intros ws vs E; simpl in E.
  - injection E as <- <-. constructor.
  - fold (resolved points k i m) in E.
    destruct (resolved points k i m) as [[ws' vs']|]; [|discriminate].
    destruct (nth_error points n) as [[kp t]|] eqn:N; [|discriminate].
    destruct (kind_eqb kp k || kind_eqb kp Exact) eqn:Q; [|discriminate].
    injection E as <- <-. constructor; [now apply (point_reaches k kp t n)|].
    now apply (IH ws' vs').
Qed.

Lemma all_some_sound : forall (A B : Type) (f : A -> option B) (R : B -> Prop) l m,
  (forall a b, f a = Some b -> R b) -> all_some (map f l) = Some m -> Forall R m.
Proof.
  intros A B f R. induction l as [|a l IH]; intros m H E; simpl in E.
  - injection E as <-. constructor.
  - destruct (f a) as [b|] eqn:F; [|discriminate].
    destruct (all_some (map f l)) as [m'|] eqn:M; [|discriminate]. injection E as <-.
    constructor; [now apply (H a) | now apply IH].
Qed.

Lemma resolved_groups_sound : forall k gs i l, proper k = true ->
  resolved_groups points k i gs = Some l -> forall n, (i + n < length net)%nat ->
  Forall (fun g => Forall (reach (layer_of k) (inside X) net (i + n)) (snd (snd g)))
    (nth n l []).
Proof.
  intros k. induction gs as [|g gs IH]; intros i l K E n L; cbn [resolved_groups] in E.
  - injection E as <-. destruct n; constructor.
  - destruct (all_some _) as [a|] eqn:A; [|discriminate].
    destruct (resolved_groups points k (S i) gs) as [l'|] eqn:G; [|discriminate].
    injection E as <-. destruct n as [|n]; cbn [nth].
    + rewrite PeanoNat.Nat.add_0_r in *.
      apply (all_some_sound _ _ _ _ _ _) with (2 := A). intros h b H.
      destruct (resolved points k i (mixture h)) as [[ws vs]|] eqn:R; [|discriminate].
      injection H as <-. apply (resolved_sound k i (mixture h) ws vs K); [lia | exact R].
    + specialize (IH (S i) l' K G n). rewrite PeanoNat.Nat.add_succ_r. apply IH. lia.
Qed.

Lemma shown_stable_sound : forall k i jn, (i <= length net)%nat ->
  shown_stable rows k i jn = true -> one_sided (reach (layer_of k) (inside X) net i) (fst jn).
Proof.
  intros k i [j n] I E. unfold shown_stable in E. cbn [fst snd] in *.
  destruct (nth_error rows n) as [r|] eqn:N; [|discriminate]. apply nth_error_In in N.
  repeat (apply andb_prop in E as [E ?]). rename H into B, H0 into L.
  apply PeanoNat.Nat.leb_le in L.
  assert (H : forall v, reach (layer_of k) (inside X) net i v ->
            exists s, (forall m, value_at s (i, m) = nth m v 0)
                      /\ amount (row_form r) s <= row_limit r).
  { intros v R. destruct (layered_extend _ (layer_of_sound k) i net (inside X) 0 v I R)
      as (s & T & F). rewrite PeanoNat.Nat.add_0_r in T. exists s. split.
    - intros m. unfold value_at. cbn [fst snd]. specialize (F 0%nat).
      rewrite PeanoNat.Nat.add_0_r in F. f_equal. exact F.
    - now apply (base_holds_on k r i). }
  destruct (bound_of (i, j) r) as [[[l|] [u|]]|] eqn:Q; try discriminate;
    apply Qle_bool_iff in B; [left | right]; intros v R; destruct (H v R) as (s & V & A);
    pose proof (bound_of_sound _ _ s _ Q A) as C; cbn in C; rewrite V in C; lra.
Qed.

Lemma all_stable_sound : forall k l i, all_stable rows k i l = true -> forall n,
  (i + n < length net)%nat ->
  Forall (one_sided (reach (layer_of k) (inside X) net (i + n))) (nth n (map (map fst) l) []).
Proof.
  intros k. induction l as [|js l IH]; intros i E n L; simpl in E.
  - destruct n; constructor.
  - apply andb_prop in E as [E E']. destruct n as [|n]; cbn [map nth].
    + rewrite PeanoNat.Nat.add_0_r in *. apply Forall_map, Forall_forall. intros jn I.
      rewrite forallb_forall in E. apply (shown_stable_sound k i jn); [lia | now apply E].
    + rewrite PeanoNat.Nat.add_succ_r. apply (IH (S i)); [assumption | lia].
Qed.

Lemma resolved_windows_sound : forall ws i l, resolved_windows points i ws = Some l ->
  (i + length ws <= S (length net))%nat -> forall n,
  Forall (reach hull_layer (inside X) net (i + n)) (snd (nth n l ([], []))).
Proof.
  induction ws as [|w ws IH]; intros i l E L n; cbn [resolved_windows] in E.
  - injection E as <-. destruct n; constructor.
  - destruct (resolved points (Windowed 1) i w) as [[v vs]|] eqn:R; [|discriminate].
    destruct (resolved_windows points (S i) ws) as [l'|] eqn:W; [|discriminate].
    injection E as <-. simpl in L. destruct n as [|n]; cbn [nth].
    + rewrite PeanoNat.Nat.add_0_r. apply (resolved_sound (Windowed 1) i w v vs); trivial. lia.
    + rewrite PeanoNat.Nat.add_succ_r. apply (IH (S i)); [assumption | simpl; lia].
Qed.

(** ** Ranges *)

Lemma end_by_sound : forall k p n b, (fst p <= length net)%nat -> end_by rows k p n = Some b ->
  forall v, reach (layer_of k) (inside X) net (fst p) v ->
  match b with
  | (Some l, None) => l <= nth (snd p) v 0
  | (None, Some u) => nth (snd p) v 0 <= u
  | _ => False
  end.
Proof.
  intros k [i j] n b I E v R. unfold end_by in E. cbn [fst snd] in *.
  destruct (nth_error rows n) as [r|] eqn:N; [|discriminate]. apply nth_error_In in N.
  destruct (base_use k r && (depth r <=? i)%nat) eqn:U; [|discriminate].
  apply andb_prop in U as [U L]. apply PeanoNat.Nat.leb_le in L.
  destruct (layered_extend _ (layer_of_sound k) i net (inside X) 0 v I R) as (s & T & F).
  rewrite PeanoNat.Nat.add_0_r in T. pose proof (base_holds_on k r i s N U L T) as A.
  pose proof (bound_of_sound _ _ s _ E A) as C. specialize (F 0%nat).
  rewrite PeanoNat.Nat.add_0_r in F.
  assert (V : value_at s (i, j) = nth j v 0)
    by (unfold value_at; cbn [fst snd]; f_equal; exact F).
  destruct b as [[l|] [u|]]; rewrite ?V in C; exact C.
Qed.

Lemma attains_sound : forall k p n q, proper k = true -> (fst p <= length net)%nat ->
  attains points k p n q = true ->
  exists v, reach (layer_of k) (inside X) net (fst p) v /\ nth (snd p) v 0 == q.
Proof.
  intros k p n q K I E. unfold attains in E.
  destruct (nth_error points n) as [[kp t]|] eqn:N; [|discriminate].
  apply andb_prop in E as [E Q]. apply Qeq_bool_eq in Q. exists (nth (fst p) t []).
  split; [now apply (point_reaches k kp t n) | exact Q].
Qed.

Lemma range_proved_sound : forall k p low high least greatest lu,
  range_proved rows points k p low high least greatest = Some lu -> range_valid (k, (p, lu)).
Proof.
  intros k p low high least greatest lu E. unfold range_proved in E.
  destruct (end_by rows k p low) as [[[l|] [|]]|] eqn:L; try discriminate.
  destruct (end_by rows k p high) as [[[|] [u|]]|] eqn:H; try discriminate.
  match type of E with (if ?c then _ else _) = _ => destruct c eqn:C; [|discriminate] end.
  injection E as <-. repeat (apply andb_prop in C as [C ?]). apply PeanoNat.Nat.leb_le in H2.
  split; [assumption|]. split.
  - intros v R. split; [exact (end_by_sound _ _ _ _ H2 L v R) | exact (end_by_sound _ _ _ _
      H2 H v R)].
  - split; [now apply (attains_sound k p least) | now apply (attains_sound k p greatest)].
Qed.

Lemma line_steps_sound : forall m i (D : set) z mask pre y, D (pre ++ z) ->
  (forall p l u, In (Lined m, (p, (l, u))) ranges -> fst p = i -> exact_range D (snd p) l u) ->
  line_steps ranges m i (length pre) mask z y = true ->
  relu_step (line_neuron m D) (length pre) mask z y.
Proof.
  intros m i D. induction z as [|a z IH]; intros mask pre [|b y] I H E; simpl in E;
    try discriminate; simpl; [trivial|]. apply andb_prop in E as [E E']. split.
  - destruct (hd false mask); [|now apply Qeq_bool_eq].
    pose proof (nth_middle pre z a 0) as N. rewrite <- N. apply orb_prop in E as [E|E].
    + apply line_neuron_relu; [assumption|]. rewrite N. now apply Qeq_bool_eq.
    + apply existsb_exists in E as ([k [p [l u]]] & J & E). cbn [fst snd] in E.
      apply andb_prop in E as [E B]. apply andb_prop in E as [K P].
      apply kind_eqb_eq in K. subst k. apply same_place_eq in P. subst p.
      apply (between_lines_sound m D _ l u); [assumption | | now rewrite N].
      exact (H _ l u J eq_refl).
  - specialize (IH (tl mask) (pre ++ [a]) y). rewrite app_length in IH. simpl in IH.
    rewrite PeanoNat.Nat.add_1_r in IH. apply IH; trivial. now rewrite <- app_assoc.
Qed.

Lemma line_trace_sound : forall m fs (D : set) i t, D (hd [] t) ->
  (forall p l u n, In (Lined m, (p, (l, u))) ranges -> fst p = (i + n)%nat ->
     (n < length fs)%nat -> exact_range (reach (line_layer m) D fs n) (snd p) l u) ->
  line_trace ranges m i fs t = true -> layered (line_layer m) D fs t.
Proof.
  intros m. induction fs as [|f fs IH]; intros D i t I H E; cbn [line_trace] in E.
  - destruct t as [|z [|]]; try discriminate. exact I.
  - destruct t as [|z [|y t]]; try discriminate. apply andb_prop in E as [E E'].
    cbn [hd] in I.
    assert (S : line_layer m D f z y).
    { unfold line_layer. destruct f as [rs|mask|]; try now apply eqv_sound.
      apply (line_steps_sound m i D z mask []); trivial.
      intros p l u J P. apply (H p l u 0%nat J); [lia | simpl; lia]. }
    change (D z /\ line_layer m D f z y
            /\ layered (line_layer m) (behind (line_layer m) f D) fs (y :: t)).
    split; [assumption|]. split; [assumption|]. apply (IH _ (Datatypes.S i)); trivial.
    + now exists z.
    + intros p l u n J P L. apply (H p l u (Datatypes.S n) J); simpl; lia.
Qed.

Lemma input_box_spec : forall ns j b, input_box ranges j ns = Some b ->
  length b = length ns /\ forall i, (i < length b)%nat ->
  exact_range (inside X) (j + i) (fst (nth i b (0, 0))) (snd (nth i b (0, 0))).
Proof.
  induction ns as [|n ns IH]; intros j b E; cbn [input_box] in E.
  - injection E as <-. split; [reflexivity|]. simpl. lia.
  - destruct (nth_error ranges n) as [[[| | | | | | |] [p lu]]|] eqn:N; try discriminate.
    destruct (input_box ranges (S j) ns) as [b'|] eqn:B; [|discriminate].
    destruct (same_place p (0%nat, j)) eqn:P; [|discriminate]. injection E as <-.
    apply same_place_eq in P. subst p. destruct (IH _ _ B) as [L H].
    split; [simpl; congruence|]. intros [|i] I; cbn [nth].
    + rewrite PeanoNat.Nat.add_0_r. apply nth_error_In in N.
      rewrite Forall_forall in ranges_valid. specialize (ranges_valid _ N).
      destruct lu as [l u]. destruct ranges_valid as [_ R]. cbn [fst snd] in *.
      destruct net; exact R.
    + rewrite PeanoNat.Nat.add_succ_r. apply (H i). simpl in I. lia.
Qed.

Lemma input_box_spans : forall ns b z, input_box ranges 0 ns = Some b -> inside X z ->
  length ns = dimension X -> spans (inside X) b.
Proof.
  intros ns b z E Z D. destruct (input_box_spec _ _ _ E) as [L H].
  split; [now exists z | split].
  - intros v V. apply in_box_by_nth; [destruct V; congruence|]. intros j J.
    destruct (H j J) as [B _]. exact (B v V).
  - intros v V. pose proof (in_box_length _ _ V) as LV. split.
    + exists z. split; [assumption|]. destruct Z. congruence.
    + intros j. destruct (Compare_dec.lt_dec j (length b)) as [J|J].
      * destruct (H j J) as (_ & (u & U & EU) & (w & W & EW)). exists u, w.
        pose proof (in_box_nth b v j V). simpl in EU, EW. rewrite EU, EW. auto.
      * exists z, z. destruct Z as [LZ Z']. rewrite !nth_overflow by lia.
        repeat split; trivial; apply Qle_refl.
Qed.

Lemma side_row_valid : forall b side, spans (inside X) b -> side_fits (boxes_of b net) side =
    true ->
  row_valid (side_row (boxes_of b net) side).
Proof.
  intros b [[i j] upper] S E. apply andb_prop in E as [I J]. cbn [fst snd] in *.
  apply PeanoNat.Nat.leb_le in I. unfold side_row.
  destruct (nth j (nth i (boxes_of b net) []) (0, 0)) as [l u] eqn:Q.
  split; [repeat constructor | split; [exact I|]]. cbn [of depth row_form row_limit narrow
      layer_of].
  intros t T. pose proof (layered_length _ _ _ _ T) as LT.
  assert (R : reach box_layer (inside X) net i (nth i t [])).
  { pose proof (layered_last _ _ _ _ T) as R. rewrite firstn_length_le in R by lia.
    rewrite reach_firstn in R by lia. rewrite firstn_length_le in LT by lia.
    pose proof (nth_last t i LT) as Q'. unfold vec in *. rewrite Q'. exact R. }
  destruct (box_reached net _ b i S I) as (_ & H & _).
  pose proof (in_box_nth _ _ j (H _ R)) as B. rewrite Q in B. cbn [fst snd] in B.
  destruct upper; cbn [amount]; unfold value_at; cbn [fst snd]; lra.
Qed.

Definition proved_valid (p : proved) : Prop :=
  Forall row_valid (rows_of p)
  /\ Forall (fun kt => relaxed (fst kt) (inside X) net (snd kt)) (points_of p)
  /\ Forall range_valid (ranges_of p).

Lemma add_node_sound : forall n p,
  add_node {| rows_of := rows; points_of := points; ranges_of := ranges |} n = Some p ->
  proved_valid p.
Proof.
  intros n p E.
  assert (new_row : forall r, row_valid r -> proved_valid (with_rows
            {| rows_of := rows; points_of := points; ranges_of := ranges |} [r])).
  { intros r V. split; [|now split]. apply Forall_app. split; [assumption|]. now constructor. }
  assert (new_point : forall k t, relaxed k (inside X) net t -> proved_valid (with_points
            {| rows_of := rows; points_of := points; ranges_of := ranges |} [(k, t)])).
  { intros k t V. split; [assumption | split; [|assumption]]. apply Forall_app.
    split; [assumption|]. now constructor. }
  destruct n as [k d f b l|k d f b c ws|x|k x gs stable|r ws|k q low high least greatest|m t
    |ns start sides]; cbn [add_node rows_of points_of ranges_of] in E; cbv zeta in E.
  - destruct (linear_proved rows ranges k d f b l) eqn:C; [|discriminate].
    injection E as <-. apply new_row. now apply (linear_proved_sound k d f b l).
  - destruct (split_proved rows points ranges k d f b c ws) eqn:C; [|discriminate].
    injection E as <-. apply new_row. now apply (split_proved_sound k d f b c ws).
  - destruct (is_inside X x) eqn:C; [|discriminate]. injection E as <-. apply new_point.
    exists x. split; [now apply is_inside_sound | reflexivity].
  - destruct (resolved_groups points k 0 gs) as [vs|] eqn:G; [|discriminate].
    match type of E with (if ?c then _ else _) = _ => destruct c eqn:C; [|discriminate] end.
    injection E as <-. repeat (apply andb_prop in C as [C ?]).
    rename H into W, H0 into T, H1 into I, H2 into NE. apply new_point.
    assert (K : proper k = true) by (destruct k as [| | | |[|]| | |]; trivial; discriminate).
    assert (H : layered (layer_of k) (inside X) net (walk net vs x)).
    { apply (walk_sound k net (inside X) vs (map (map fst) stable)); trivial.
      - now apply is_inside_sound.
      - intros n L. exact (resolved_groups_sound k gs 0 vs K G n L).
      - intros n L. exact (all_stable_sound k stable 0 T n L). }
    destruct k as [| |m|m|[|[|m]]| |m|]; try discriminate; trivial. now apply layered_P_1.
  - destruct (resolved_windows points 0 ws) as [vs|] eqn:R; [|discriminate].
    match type of E with (if ?c then _ else _) = _ => destruct c eqn:C; [|discriminate] end.
    injection E as <-. apply andb_prop in C as [C A]. apply andb_prop in C as [_ C].
    apply PeanoNat.Nat.leb_le in C. apply new_point.
    apply (windows_agree_sound r net (inside X) _ vs); [|exact A].
    intros n. exact (resolved_windows_sound ws 0 vs R C n).
  - destruct (range_proved _ _ _ _ _ _ _ _) as [lu|] eqn:R; [|discriminate].
    injection E as <-. split; [assumption | split; [assumption|]].
    apply Forall_app. split; [assumption|]. constructor; [|constructor].
    now apply (range_proved_sound k q low high least greatest).
  - destruct (is_inside X (hd [] t) && line_trace ranges m 0 net t) eqn:C; [|discriminate].
    injection E as <-. apply andb_prop in C as [I C]. apply new_point.
    apply (line_trace_sound m net (inside X) 0 t); [now apply is_inside_sound | | exact C].
    intros p l u n J P _. rewrite Forall_forall in ranges_valid.
    destruct (ranges_valid _ J) as [_ R]. simpl in P. subst n. exact R.
  - destruct (input_box ranges 0 ns) as [b|] eqn:B; [|discriminate].
    destruct (nth_error points start) as [[[| | | | | | |] t]|] eqn:N; try discriminate.
    match type of E with (if ?c then _ else _) = _ => destruct c eqn:C; [|discriminate] end.
    injection E as <-. apply andb_prop in C as [D F]. apply PeanoNat.Nat.eqb_eq in D.
    apply nth_error_In in N. pose proof points_valid as V. rewrite Forall_forall in V.
    destruct (V _ N) as (z & Z & Q). cbn [fst snd] in Q.
    assert (HZ : hd [] t = z) by (rewrite Q; now destruct net).
    pose proof (input_box_spans ns b z B Z D) as S. rewrite HZ.
    assert (G : forall g, relaxed Boxed (inside X) net (end_trace g z (boxes_of b net)))
      by (intros g; now apply end_trace_layered).
    split; [|split; [|assumption]]; apply Forall_app; (split; [try assumption|]).
    + apply Forall_map, Forall_forall. intros side I. rewrite forallb_forall in F.
      now apply side_row_valid, F.
    + repeat constructor; apply G.
Qed.

End Step.

Lemma add_nodes_sound : forall ns p q, proved_valid p -> add_nodes p ns = Some q ->
  proved_valid q.
Proof.
  induction ns as [|n ns IH]; intros p q V E; cbn [add_nodes] in E.
  - now injection E as <-.
  - destruct (add_node p n) as [p'|] eqn:N; [|discriminate]. apply (IH p'); [|assumption].
    destruct p as [rows points ranges], V as (V1 & V2 & V3).
    now apply (add_node_sound rows points V1 V2 ranges V3 n).
Qed.

Lemma relaxed_layered : forall k t, proper k = true -> relaxed k (inside X) net t ->
  layered (layer_of k) (inside X) net t.
Proof.
  intros [| | | |r| |m|] t K H; trivial; try discriminate; [|now apply (narrow_layered r)].
  destruct H as (x & I & ->). apply layered_run; [apply exact_sound | assumption].
Qed.

Lemma runs_relaxed : forall k t, relaxed Exact (inside X) net t -> relaxed k (inside X) net t.
Proof.
  intros k t (x & I & ->). destruct k as [| |m|m|r| |m|]; cbn [relaxed].
  - now exists x.
  - apply layered_run; [apply triangle_layer_sound | assumption].
  - apply layered_run; [apply krelu_sound | assumption].
  - apply layered_run; [apply M_sound | assumption].
  - now apply P_sound.
  - apply layered_run; [apply box_sound | assumption].
  - apply layered_run; [apply line_sound | assumption].
  - now exists x.
Qed.

Lemma same_form_amount : forall f g t, same_form f g = true -> amount f t == amount g t.
Proof.
  unfold same_form. induction f as [|[c p] f IH]; intros [|[c' p'] g] t E; simpl in E;
    try discriminate; [reflexivity|]. apply andb_prop in E as [E E'].
  apply andb_prop in E as [A B]. apply Qeq_bool_eq in A. apply same_place_eq in B. subst p'.
  simpl. now rewrite A, (IH g t E').
Qed.

(** A row that holds behind [depth r] layers holds on whole traces. *)
Lemma row_on_trace : forall r t, row_valid r -> proper (of r) = true ->
  relaxed (of r) (inside X) net t -> amount (row_form r) t <= row_limit r.
Proof.
  intros r t (P1 & P2 & P3) K T.
  destruct (narrow (of r)); [|rewrite (proper_not_assumed _ K) in P3; now apply P3].
  rewrite (amount_local (row_form r) t (firstn (S (depth r)) t) (depth r)); trivial.
  - apply P3, layered_prefix. now apply relaxed_layered.
  - intros i LE. symmetry. apply nth_firstn. lia.
Qed.

Lemma known_point_real : forall p k kp t n, proved_valid p -> nth_error (points_of p) n =
    Some (kp, t) ->
  kind_eqb kp k || kind_eqb kp Exact = true -> relaxed k (inside X) net t.
Proof.
  intros p k kp t n (_ & V & _) N E. apply nth_error_In in N. rewrite Forall_forall in V.
  specialize (V _ N). cbn [fst snd] in V. apply orb_prop in E as [K|K];
    apply kind_eqb_eq in K; subst kp; [assumption | now apply runs_relaxed].
Qed.

Lemma agree_amount : forall f g t, agree f g = true -> amount f t == amount g t.
Proof.
  unfold agree. intros f g t E. pose proof (represents_affine_of t (f ++ negated g) 0) as R.
  destruct (is_constant _) as [q|] eqn:C; [|discriminate]. apply Qeq_bool_eq in E.
  pose proof (is_constant_sound _ _ _ _ R C) as H. rewrite E in H.
  assert (A : amount (f ++ negated g) t == amount f t - amount g t).
  { clear. induction f as [|[c p] f IH]; cbn [app amount].
    - induction g as [|[c p] g IH]; simpl; [reflexivity | rewrite IH; ring].
    - rewrite IH. ring. }
  rewrite A in H. lra.
Qed.

Lemma amount_combine : forall a ps t, amount (combine a ps) t == dot a (map (value_at t) ps).
Proof.
  induction a as [|c a IH]; intros [|p ps] t; simpl; try reflexivity. now rewrite IH.
Qed.

Lemma hull_sound_of : forall p k ps rows points e ms ns, proved_valid p -> proper k = true ->
  all2 (states_row p k ps) rows ms = true -> all2 (states_point p k ps) points ns = true ->
  is_spread (length ps) rows points e = true ->
  hull_is (seen k (inside X) net ps) (length ps) rows points.
Proof.
  intros p k ps rows points e ms ns V K R P E. apply (is_spread_sound _ _ _ e E).
  - intros v (t & T & Q). apply (all2_sound _ _ _ _ (fun r m H => H)) in R. clear -V K T Q R.
    unfold within. induction R as [|[a b] m rows ms H R IH]; constructor; [|assumption].
    unfold states_row in H. destruct (nth_error (rows_of p) m) as [r|] eqn:N; [|discriminate].
    repeat (apply andb_prop in H as [H ?]). apply kind_eqb_eq in H. apply Qle_bool_iff in H0.
    apply nth_error_In in N. destruct V as [V _]. rewrite Forall_forall in V. subst k.
    pose proof (row_on_trace r t (V r N) K T) as A. cbn [fst snd] in *.
    rewrite <- (agree_amount _ _ t H1), amount_combine in A. rewrite (dot_compat a _ _ Q). lra.
  - intros v I. apply (all2_sound _ _ _ _ (fun r m H => H)) in P.
    assert (H : exists n, states_point p k ps v n = true).
    { clear -I P. induction P as [|u m points ns H P IH]; [contradiction|].
      destruct I as [->|I]; [now exists m | now apply IH]. }
    destruct H as (n & H). unfold states_point in H.
    destruct (nth_error (points_of p) n) as [[kp t]|] eqn:N; [|discriminate].
    apply andb_prop in H as [H1 H2]. apply conv_contains. exists v. split; [|reflexivity].
    exists t. split; [now apply (known_point_real p k kp t n) | now apply eqv_sound].
Qed.

Lemma outside_sound : forall p l wts f span, proved_valid p ->
  all_some (map (exact_point p) l) = Some wts -> separates wts f span = true ->
  outside_span (inside X) net f span.
Proof.
  intros p l wts f span V E S. apply (separates_sound _ _ wts); [|exact S].
  apply Forall_map. apply (all_some_sound _ _ _ _ _ _) with (2 := E). intros [w n] [w' t] H.
  unfold exact_point in H. cbn [fst snd] in *.
  destruct (nth_error (points_of p) n) as [[[]]|] eqn:N; try discriminate. injection H as <- <-.
  now apply (known_point_real p Exact Exact _ n).
Qed.

Lemma missed_sound : forall p l ps F f b, proved_valid p ->
  all_some (map (exact_pair p) l) = Some ps -> shows_missed (dimension X) ps F f b = true ->
  missed (inside X) net F f b.
Proof.
  intros p l ps F f b V E S. apply (shows_missed_sound X net ps); [|exact S].
  assert (R : forall wn w t, exact_point p wn = Some (w, t) -> runs net (inside X) t).
  { intros [w n] w' t H. unfold exact_point in H. cbn [fst snd] in H.
    destruct (nth_error (points_of p) n) as [[[]]|] eqn:N; try discriminate. injection H as
        <- <-.
    now apply (known_point_real p Exact Exact _ n). }
  assert (G : Forall (fun q => runs net (inside X) (fst (snd q)) /\ runs net (inside X) (snd
      (snd q))) ps).
  { apply (all_some_sound _ _ _ _ _ _) with (2 := E). intros a b' H. unfold exact_pair in H.
    destruct (exact_point p (fst a, fst (snd a))) as [[w s]|] eqn:A; [|discriminate].
    destruct (exact_point p (fst a, snd (snd a))) as [[w' t]|] eqn:B; [|discriminate].
    injection H as <-. split; [exact (R _ _ _ A) | exact (R _ _ _ B)]. }
  rewrite Forall_forall in G. intros t (q & I & [-> | ->]); now apply G.
Qed.

Lemma are_assumed_sound : forall rs t, are_assumed rs = true -> satisfies t rs ->
  satisfies t assumed.
Proof.
  unfold are_assumed, satisfies. intros rs t E A.
  apply (all2_sound _ _ _ _ (fun r s H => H)) in E.
  induction E as [|[f b] [g c] l rs H E IH]; constructor; inversion A as [|? ? A1 A2]; subst.
  - apply andb_prop in H as [H Q]. apply Qeq_bool_eq in Q. cbn [fst snd] in *.
    rewrite (same_form_amount _ _ t H), Q. exact A1.
  - now apply IH.
Qed.

Lemma proves_sound : forall p es sn, proved_valid p -> proves p es sn = true ->
  true_of (inside X) net (fst sn).
Proof.
  intros p es [[k f b|k f b|k ps rs vs|f span|rs f b|F f b] n] V E; unfold proves in E;
    cbn [fst snd true_of] in *.
  - destruct (nth_error (rows_of p) n) as [r|] eqn:N; [|discriminate]. apply nth_error_In in N.
    repeat (apply andb_prop in E as [E ?]). rename H into L, H0 into F, H1 into D, H2 into Q.
    apply kind_eqb_eq in Q. subst k. apply Qle_bool_iff in L. destruct V as [V _].
    rewrite Forall_forall in V. intros t T. rewrite (same_form_amount _ _ t F).
    apply (Qle_trans _ (row_limit r)); [|assumption]. now apply row_on_trace; [apply V| |].
  - destruct (nth_error (points_of p) n) as [[kp t]|] eqn:N; [|discriminate].
    repeat (apply andb_prop in E as [E ?]). apply Qeq_bool_eq in H. exists t.
    split; [|assumption]. now apply (known_point_real p k kp t n).
  - destruct (nth_error es n) as [[e ms ns| |]|]; try discriminate.
    repeat (apply andb_prop in E as [E ?]). now apply (hull_sound_of p k ps rs vs e ms ns).
  - destruct (nth_error es n) as [[|l|]|]; try discriminate.
    destruct (all_some _) as [wts|] eqn:A; [|discriminate].
    now apply (outside_sound p l wts).
  - destruct (nth_error (rows_of p) n) as [r|] eqn:N; [|discriminate]. apply nth_error_In in N.
    repeat (apply andb_prop in E as [E ?]). apply kind_eqb_eq in E. apply Qle_bool_iff in H.
    destruct V as [V _]. rewrite Forall_forall in V. destruct (V r N) as (_ & _ & P).
    rewrite E in P. destruct P as [_ P]. intros x I A. rewrite (same_form_amount _ _ _ H0).
    apply (Qle_trans _ (row_limit r)); [|assumption]. apply P.
    + apply layered_run; [apply exact_sound | assumption].
    + now apply (are_assumed_sound rs).
  - destruct (nth_error es n) as [[| |l]|]; try discriminate.
    destruct (all_some _) as [ps|] eqn:A; [|discriminate].
    now apply (missed_sound p l ps).
Qed.

Theorem check_sound : forall c ss, check c ss = true ->
  Forall (true_of (inside X) net) (map fst ss).
Proof.
  intros [ns es] ss E. unfold check in E. cbn [fst snd] in E.
  destruct (add_nodes nothing ns) as [p|] eqn:A; [|discriminate].
  assert (V : proved_valid p) by (apply (add_nodes_sound ns nothing); [repeat constructor |
      assumption]).
  rewrite forallb_forall in E. apply Forall_map, Forall_forall. intros sn I.
  apply (proves_sound p es); [assumption | now apply E].
Qed.

End Certificate.
