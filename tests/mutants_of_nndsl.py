"""Ways to break what stands around a module: text, tables, model files, commands."""

from mutant import Mutant

INJECTION = "test_injection.py::test_what_has_broken_others"
TABLES = "test_tables.py"
FILES = "test_model_files.py"
CAUSES = "test_one_cause.py"
STATES = "test_parser_states.py"

AROUND = (
    Mutant(
        "quotes in labels are left out",
        "nndsl/render/escape.py",
        """f"\\\\{c}" if c in""",
        """"" if c in""",
        (INJECTION,),
    ),
    Mutant(
        "long lines stay as they are",
        "nndsl/render/wrapping.py",
        'line.lstrip().startswith("#") or len(line) <= WIDTH:',
        'line.lstrip().startswith("#") or len(line) <= WIDTH + 9:',
        ("test_specs.py::test_modules_are_well_written",),
    ),
    Mutant(
        "the digest is of the spec alone",
        "nndsl/render/module/module.py",
        'return f"{MARK}{digest(text)}\\n{text}"',
        'return f"{MARK}{digest(body[:40])}\\n{text}"',
        ("test_cli_files.py", "test_module_text.py"),
    ),
    Mutant(
        "a module that was edited by hand is replaced",
        "nndsl/cli/outputs.py",
        "first.removeprefix(MARK) != digest(rest)",
        "False",
        ("test_cli_files.py::test_a_module_that_was_edited_by_hand_stays",),
    ),
    Mutant(
        "line numbers one too small",
        "nndsl/data/csv_rows.py",
        "range(self.line + 1, self.line + 1 + n_lines)",
        "range(self.line, self.line + n_lines)",
        (TABLES,),
    ),
    Mutant(
        "columns by their place in the file",
        "nndsl/data/reading.py",
        "index = {name: i for i, name in enumerate(source.names)}",
        "index = {name: i for i, name in enumerate(features + targets)}",
        (TABLES, "test_commands.py"),
    ),
    Mutant(
        "007 is the label 7",
        "nndsl/data/columns.py",
        '_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")',
        '_INTEGER = re.compile(r"-?[0-9]{1,16}")',
        (TABLES,),
    ),
    Mutant(
        "a missing target cell is a class",
        "nndsl/data/columns.py",
        "return cell.strip() in MISSING and cell.strip() not in self.labels",
        "return False",
        (TABLES,),
    ),
    Mutant(
        "arrays of a file may overlap",
        "nndsl/data/archive.py",
        "if total > size:",
        "if False:",
        (f"{FILES}::test_doubled_and_overlapping_members_are_refused",),
    ),
    Mutant(
        "compressed arrays are unpacked",
        "nndsl/data/archive.py",
        "if member.compress_type or member.compress_size != member.file_size:",
        "if False:",
        (f"{FILES}::test_a_bomb_is_not_unpacked",),
    ),
    Mutant(
        "a model file without its history",
        "nndsl/data/model_file.py",
        'extras[f"history/{name}"] = figures[:epochs]',
        'extras[f"history/{name}"] = []',
        (f"{FILES}::test_a_model_file_holds_weights_history_and_the_spec",),
    ),
    Mutant(
        "fmt does not look at comments before it writes",
        "nndsl/fmt/proof.py",
        "if not same or _comments(read_words(text)) != _comments(words):",
        "if not same:",
        ("test_fmt.py::test_a_bug_that_changes_a_spec_is_noticed",),
    ),
    Mutant(
        "fmt does not read again what it writes",
        "nndsl/fmt/proof.py",
        "parse(Source(source.name, text)) == tree",
        "True",
        ("test_fmt.py::test_a_bug_that_changes_a_spec_is_noticed",),
    ),
    Mutant(
        "fmt breaks a line where a statement could begin",
        "nndsl/fmt/roles.py",
        "if not like_statement(group)",
        "if group",
        ("test_fmt.py::test_what_reads_like_a_statement_begins_no_line",),
    ),
    Mutant(
        "check --fix keeps an edit that takes no mistake away",
        "nndsl/cli/fixes.py",
        "return not forms and len(after.left) + len(fixes) <= len(before.left)",
        "return True",
        ("test_check_fix.py",),
    ),
    Mutant(
        "check --fix takes the first of several suggestions",
        "nndsl/check/findings.py",
        "certain=len(near) == 1",
        "certain=True",
        ("test_check_fix.py::test_an_uncertain_one_is_not",),
    ),
    Mutant(
        "a pickle without the text of its module",
        "nndsl/api.py",
        "    _carry_text(module, text, name)\n",
        "",
        ("test_api.py::test_a_pickle_brings_its_module_into_another_process",),
    ),
    Mutant(
        "words that are left over are errors of their own",
        "nndsl/check/causes.py",
        "if UNEXPECTED in (error.code, other.code):",
        "if False:",
        ("test_one_cause.py::test_one_edit_is_one_error",),
    ),
    Mutant(
        "every error of form on a line is reported",
        "nndsl/syntax/causes.py",
        "if last and last.span.line == each.span.line:",
        "if False:",
        (f"{CAUSES}::test_what_follows_from_an_error_of_form",),
    ),
    Mutant(
        "a brace is missing wherever a block ends",
        "nndsl/syntax/blocks.py",
        "if brace.begins_line and brace.indent < opened[-1].indent:",
        "if False:",
        (f"{CAUSES}::test_a_missing_brace_is_looked_for_where_the_indentation_says",),
    ),
    Mutant(
        "a situation without advice",
        "nndsl/syntax/advice.py",
        '    ("parenthesis", ""): _OPERATOR_MISSING,\n',
        "",
        (f"{STATES}::test_every_situation_has_a_state_and_advice",),
    ),
    Mutant(
        "a state of the parser without a situation",
        "nndsl/syntax/situations.py",
        '    Situation("lower limit", _OPERATOR | _DOTS, _CALL),\n',
        "",
        (f"{STATES}::test_every_state_belongs_to_one_situation",),
    ),
    Mutant(
        "a misspelt parameter is blamed where it is read",
        "nndsl/formulas/build/misspelt.py",
        "if near and scope.words",
        "if not near and scope.words",
        ("test_check_typos.py::test_typos_are_found_and_corrected",),
    ),
)
