(** * Certificates as arrays of machine integers

    Coq reads an array of integers below 2^63 much faster than terms, so certificates found
    by programs come as one array.  Nothing here needs proof: whatever an array decodes to,
    the checkers prove what they accept.

    - number: [2 n + s], then [n] digits to the base 2^60, the lowest first; [s] = 1 is minus
    - rational: numerator, denominator
    - refutation: count, then for each multiplier the rows skipped before it, and its number
    - row: 1 if strict or 0, bound, count, then for each term its variable and its number
    - tree: 0 and a refutation; or 1, a neuron and two trees; or 2, a row and two trees
    - range: the tree of the lower and that of the upper bound
    - triangle bound: count of layers from the last to the first, for each the count of its
      neurons, for each lower and upper bound (rationals) and their refutations; at the end
      the refutation that concludes *)

From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Farkas PhaseTree TriangleBound.
Import ListNotations.
Open Scope Z_scope.

Definition stream := list Z.

(** A reader takes what it reads off the stream; at its end all numbers are zero. *)
Definition reader (A : Type) := stream -> A * stream.

Definition pure {A} (a : A) : reader A := fun s => (a, s).
Definition bind {A B} (p : reader A) (f : A -> reader B) : reader B :=
  fun s => let '(a, s') := p s in f a s'.
Notation "'read' a 'from' p ; q" := (bind p (fun a => q))
  (at level 200, a name, p at level 100, q at level 200).

Definition digit : reader Z :=
  fun s => match s with [] => (0, []) | d :: s' => (d, s') end.

Definition count : reader nat := read z from digit; pure (Z.to_nat z).

Fixpoint times {A} (n : nat) (p : reader A) : reader (list A) :=
  match n with
  | O => pure []
  | S m => read a from p; read l from times m p; pure (a :: l)
  end.

Definition many {A} (p : reader A) : reader (list A) := read n from count; times n p.

Definition number : reader Z :=
  read h from digit;
  read ds from times (Z.to_nat (Z.div2 h)) digit;
  let z := fold_right (fun d high => d + Z.shiftl high 60) 0 ds in
  pure (if Z.odd h then - z else z).

Definition rational : reader Q :=
  read n from number; read d from number; pure (n # Z.to_pos d).

Definition a_refutation : reader refutation :=
  many (read n from count; read k from number; pure (n, k)).

Definition a_row : reader row :=
  read s from digit;
  read b from number;
  read l from many (read j from digit; read c from number; pure (Z.to_pos j, c));
  pure (Row l b (s =? 1)).

Fixpoint a_tree (depth : nat) : reader tree :=
  match depth with
  | O => pure (Refute [])
  | S d =>
      read kind from digit;
      if kind =? 0 then read c from a_refutation; pure (Refute c)
      else if kind =? 1 then
        read k from count; read t1 from a_tree d; read t2 from a_tree d; pure (Split k t1 t2)
      else read r from a_row; read t1 from a_tree d; read t2 from a_tree d; pure (Cut r t1 t2)
  end.

Definition a_range (depth : nat) : reader range_proof :=
  read l from a_tree depth; read u from a_tree depth;
  pure {| lower_proof := l; upper_proof := u |}.

Definition some_bounds : reader neuron_bounds :=
  read l from rational; read u from rational;
  read cl from a_refutation; read cu from a_refutation;
  pure {| lower := l; upper := u; lower_refutation := cl; upper_refutation := cu |}.

Definition a_triangle_bound : reader triangle_bound :=
  read ns from many (many some_bounds);
  read c from a_refutation;
  pure {| neurons := ns; conclusion := c |}.

(** The elements before index [i], and then [l]. *)
Fixpoint elements (a : array int) (n : nat) (i : int) (l : stream) : stream :=
  match n with
  | O => l
  | S m => let j := Uint63.sub i 1 in elements a m j (Uint63.to_Z (PArray.get a j) :: l)
  end.

Definition contents (a : array int) : stream :=
  elements a (Z.to_nat (Uint63.to_Z (PArray.length a))) (PArray.length a) [].

Definition read_tree (a : array int) : tree :=
  let s := contents a in fst (a_tree (List.length s) s).
Definition read_range (a : array int) : range_proof :=
  let s := contents a in fst (a_range (List.length s) s).
Definition read_triangle_bound (a : array int) : triangle_bound :=
  fst (a_triangle_bound (contents a)).

(** [by_running] proves [check = true] by running the check in Coq's virtual machine. *)
Ltac by_running := vm_cast_no_check (eq_refl true).
