(* Check certificates: `python -m translator --stream FILE | ./checker`.

   Reads whole numbers below 2^62, the number of the format and then the stream that
   NodeStream.v describes, or for the format 2 CaseStream.v, and prints `accepted` or `rejected`;
   the exit status is 0 or 1.  What decides is extracted from Coq, where `check_document_sound`
   and `check_case_document_sound` are proved of it; this file only reads. *)

open Extracted

let rec positive n =
  if n = 1 then XH else if n land 1 = 0 then XO (positive (n / 2)) else XI (positive (n / 2))

let rec numbers found =
  match Scanf.scanf " %s" (fun text -> text) with
  | "" -> List.rev found
  | text ->
      let n = int_of_string text in
      numbers ((if n = 0 then Z0 else Zpos (positive n)) :: found)

let check = function
  | Zpos XH :: stream -> check_document (read_document stream)
  | Zpos (XO XH) :: stream -> check_case_document (read_case_document stream)
  | _ -> false

let () =
  let accepted = check (numbers []) in
  print_endline (if accepted then "accepted" else "rejected");
  exit (if accepted then 0 else 1)
