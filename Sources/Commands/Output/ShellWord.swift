/// A word of a command that is shown to the user, so that a shell reads it as one. Pure.
enum ShellWord {
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                let character = Character(UnicodeScalar(byte))
                return character.isASCII
                    && (character.isLetter || character.isNumber
                        || "/._-+:@%,=".contains(character))
            }
        return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
