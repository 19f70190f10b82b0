"""Write the VS Code extension's grammar from the words of the language.

python editors/make_grammar.py
"""

import json
from pathlib import Path

from nndsl.highlighting import textmate

GRAMMAR = Path(__file__).parent / "vscode" / "syntaxes" / "nndsl.tmLanguage.json"

if __name__ == "__main__":
    GRAMMAR.write_text(json.dumps(textmate(), indent=2) + "\n", encoding="utf-8")
