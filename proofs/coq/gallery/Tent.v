(** * The tent: the hull of each layer is imprecise on a 1-2-2-1 network

    [relu (1 - 2 relu x) + relu (1 - 2 relu (-x)) = 1 + relu (1 - 2 |x|)] on [-1, 1] has the
    range [1, 2]; the hulls of its layers admit 0. *)

From Coq Require Import QArith List.
From Polyrelax Require Import Network Symbolic PhaseTree Relaxation Attained Stream.
From Polyrelax.gallery Require Import Certificates.
Import ListNotations.
Open Scope Q_scope.

Definition tent : network :=
  [ Affine [([1], 0); ([-(1)], 0)];
    relus 2;
    Affine [([-(2); 0], 1); ([0; -(2)], 1)];
    relus 2;
    Affine [([1; 1], 0)] ].

Definition X : polytope := box [(-(1), 1)].

Theorem tent_between_1_and_2 : forall x, inside X x -> 1 <= output 0 (eval tent x) <= 2.
Proof. apply (check_range_sound X tent 0 1 2 (read_range tent_range)). by_running. Qed.

Theorem tent_strictly_between : forall x, inside X x -> 1 # 2 < output 0 (eval tent x) < 5 # 2.
Proof.
  apply (check_strict_range_sound X tent 0 (1 # 2) (5 # 2) (read_range tent_strict_range)).
  by_running.
Qed.

Theorem tent_minimum : exact_minimum (inside X) tent 0 1.
Proof.
  split; [apply tent_between_1_and_2|]. exists [1].
  split; [now apply is_inside_sound | reflexivity].
Qed.

Theorem tent_maximum : exact_maximum (inside X) tent 0 2.
Proof.
  split; [apply tent_between_1_and_2|]. exists [0].
  split; [now apply is_inside_sound | reflexivity].
Qed.

(** (1/2, 1/2) is the middle of (0, 1) and (1, 0), the first hidden values at -1 and 1. *)
Definition chain : hull_point := {|
  admitted := [[0]; [0; 0]; [1 # 2; 1 # 2]; [0; 0]; [0; 0]; [0]];
  inputs := [[-(1)]; [1]];
  levels := [ [[1; 0]; [0; 1]];  [[1; 0]; [0; 1]];  [[1 # 2; 1 # 2]];  [[1]] ];
  windows := [ [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1]; [1] ] |}.

Theorem hulls_of_tent_admit_0 : admits (P 1) (inside X) tent 0 0.
Proof. apply (check_P_admits_sound 1 X tent 0 0 chain). by_running. Qed.

Theorem tent_is_bounded_inexactly : imprecise_below (P 1) (inside X) tent 0.
Proof.
  exists 1, 0. split; [apply tent_minimum | split; [apply hulls_of_tent_admit_0 | reflexivity]].
Qed.

(** ** The zero function

    [relu a_0 - relu (a_0 - a_1)] with [a = (relu x, relu (-x))] is 0, and the hulls of its
    layers admit 1/2. *)

Definition zero_network : network :=
  [ Affine [([1], 0); ([-(1)], 0)];
    relus 2;
    Affine [([1; 0], 0); ([1; -(1)], 0)];
    relus 2;
    Affine [([1; -(1)], 0)] ].

Theorem zero_network_is_zero : forall x, inside X x -> 0 <= output 0 (eval zero_network x) <= 0.
Proof. apply (check_range_sound X zero_network 0 0 0 (read_range zero_range)). by_running. Qed.

Definition zero_chain : hull_point := {|
  admitted := [[0]; [0; 0]; [1 # 2; 1 # 2]; [1 # 2; 0]; [1 # 2; 0]; [1 # 2]];
  inputs := [[-(1)]; [1]];
  levels := [ [[1; 0]; [0; 1]];  [[1; 0]; [0; 1]];  [[1 # 2; 1 # 2]];  [[1]] ];
  windows := [ [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1]; [1] ] |}.

Theorem hulls_of_zero_admit_half : admits (P 1) (inside X) zero_network 0 (1 # 2).
Proof. apply (check_P_admits_sound 1 X zero_network 0 (1 # 2) zero_chain). by_running. Qed.
