(** What the theorems rest on: [Print Assumptions] of each, read by the tests. *)

From Polyrelax Require Import PhaseTree Relaxation Attained TriangleBound.
From Polyrelax Require Import Theorem33 Lemma41 Theorem42 TentForm.
From Polyrelax Require Import Windows Document Statements NodeStream.
From Polyrelax.gallery Require Import Tent Pumping Maximum Barrier Traps.

Print Assumptions check_claim_sound.
Print Assumptions check_range_sound.
Print Assumptions P_sound.
Print Assumptions check_P_admits_sound.
Print Assumptions triangle_sound.
Print Assumptions check_triangle_admits_sound.
Print Assumptions check_triangle_claim_sound.
Print Assumptions check_sound.
Print Assumptions triangle_is_layered.
Print Assumptions P_layered.
Print Assumptions layered_P_1.
Print Assumptions hull_of_layers_is_arbitrarily_imprecise.
Print Assumptions minimum_is_missed_by_T.
Print Assumptions windows_admit_values_on_the_hull.
Print Assumptions windows_of_any_fraction_are_arbitrarily_imprecise.
Print Assumptions windows_of_fixed_length_are_arbitrarily_imprecise.
Print Assumptions tent_is_arbitrarily_imprecise.
Print Assumptions clamped_network.
Print Assumptions clamped_bounds.

Print Assumptions tent_strictly_between.
Print Assumptions tent_is_bounded_inexactly.
Print Assumptions zero_network_is_zero.
Print Assumptions hulls_of_zero_admit_half.
Print Assumptions windows_of_2_are_imprecise.
Print Assumptions windows_of_3_are_imprecise.
Print Assumptions maximum_between_0_and_1.
Print Assumptions Maximum.triangle_is_imprecise.
Print Assumptions triangle_at_most_3_halves.
Print Assumptions maximum_on_squares.
Print Assumptions triangle_on_squares.
Print Assumptions Barrier.triangle_is_imprecise.
Print Assumptions triangle_at_least.
Print Assumptions copied_is_bounded_inexactly.
Print Assumptions triangle_of_relu_attained.
Print Assumptions triangle_of_tent_on_halves.
Print Assumptions tent_has_four_patterns.
