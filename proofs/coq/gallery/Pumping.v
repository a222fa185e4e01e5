(** * Identity layers blind windows of two and three layers

    [P 2] admits 0 for the tent, whose minimum is 1; [P 3] does with one identity layer. *)

From Coq Require Import QArith List.
From Polyrelax Require Import Network Symbolic PhaseTree Relaxation Attained Stream.
From Polyrelax.gallery Require Import Certificates Tent.
Import ListNotations.
Open Scope Q_scope.

Definition pumped_tent : network := firstn 2 tent ++ [Identity] ++ skipn 2 tent.

Theorem windows_of_2_admit_0 : admits (P 2) (inside X) tent 0 0.
Proof.
  apply (check_P_admits_sound 2 X tent 0 0 {|
    admitted := admitted chain;
    inputs := inputs chain;
    levels := [ [[1; 0]; [0; 1]];  [[1 # 2; 1 # 2]];  [[1]] ];
    windows := [ [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1]; [1] ] |}).
  by_running.
Qed.

Theorem windows_of_2_are_imprecise : imprecise_below (P 2) (inside X) tent 0.
Proof.
  exists 1, 0. split; [apply tent_minimum | split; [apply windows_of_2_admit_0 | reflexivity]].
Qed.

Theorem pumped_tent_between_1_and_2 : forall x, inside X x ->
  1 <= output 0 (eval pumped_tent x) <= 2.
Proof. apply (check_range_sound X pumped_tent 0 1 2 (read_range tent_range)). by_running. Qed.

Theorem windows_of_3_admit_0 : admits (P 3) (inside X) pumped_tent 0 0.
Proof.
  apply (check_P_admits_sound 3 X pumped_tent 0 0 {|
    admitted := [[0]; [0; 0]; [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [0; 0]; [0; 0]; [0]];
    inputs := inputs chain;
    levels := [ [[1; 0]; [0; 1]];  [[1 # 2; 1 # 2]];  [[1]] ];
    windows := [ [1 # 2; 1 # 2]; [1 # 2; 1 # 2]; [1]; [1] ] |}).
  by_running.
Qed.

Theorem windows_of_3_are_imprecise : imprecise_below (P 3) (inside X) pumped_tent 0.
Proof.
  exists 1, 0. split; [|split; [apply windows_of_3_admit_0 | reflexivity]].
  split; [apply pumped_tent_between_1_and_2|]. exists [1].
  split; [now apply is_inside_sound | reflexivity].
Qed.
