(** What the theorems rest on, read by the tests: [general] on nothing, [in_gallery] on
    machine integers and arrays. *)

From Polyrelax Require Import PhaseTree Relaxation Attained TriangleBound.
From Polyrelax Require Import Theorem33 Lemma41 Theorem42 TentForm.
From Polyrelax Require Import Lines Boxes Windows SharpThreshold Hulls Convex Spans Lipschitz Document
    Statements NodeStream Neurons Cases CaseStatements CaseStream.
From Polyrelax.gallery Require Import Tent Pumping Maximum Barrier Traps.

Definition general :=
  (check_claim_sound, check_range_sound, P_sound, check_P_admits_sound, triangle_sound,
   check_triangle_admits_sound, check_triangle_claim_sound, check_sound, is_spread_sound,
   cones_cover, separates_sound, box_layer_is_image, box_behind, line_sound,
   relaxed_convex, set_of_relaxation, nothing_satisfies, shows_missed_sound, max_min_shrinks,
   max_min_fan, triangle_is_layered,
   P_layered, layered_P_1, hull_of_layers_is_arbitrarily_imprecise, minimum_is_missed_by_T,
   windows_admit_values_on_the_hull, windows_of_any_fraction_are_arbitrarily_imprecise,
   windows_of_fixed_length_are_arbitrarily_imprecise, tent_is_arbitrarily_imprecise,
   windows_of_all_but_two_layers_are_exact, the_threshold_is_sharp,
   the_threshold_with_skips_is_sharp,
   clamped_network, clamped_bounds, pieces_cover, check_cases_sound, check_case_document_sound,
   sorted_permutes, sorted_descends, greatest_is_greatest, least_is_least, clip_is_between,
   relu_layer_is_rectifying, identity_is_passing, affine_layer_is_weighted, same_values).
Print Assumptions general.

Definition in_gallery :=
  (tent_strictly_between, tent_is_bounded_inexactly, zero_network_is_zero,
   hulls_of_zero_admit_half, windows_of_2_are_imprecise, windows_of_3_are_imprecise,
   maximum_between_0_and_1, Maximum.triangle_is_imprecise, triangle_at_most_3_halves,
   maximum_on_squares, triangle_on_squares, Barrier.triangle_is_imprecise, triangle_at_least,
   copied_is_bounded_inexactly, triangle_of_relu_attained, triangle_of_tent_on_halves,
   tent_has_four_patterns).
Print Assumptions in_gallery.
