import Mustache

/// A small picture of an app's condition.
struct Badge {
    let text: String

    private struct Model {
        let app: String
        let word: String
        let fill: String
    }

    init(_ look: AppLook) {
        let (word, fill) =
            switch look.condition {
            case .well: ("well", "#1a7f37")
            case .attention: ("look", "#8a5a00")
            case .alarm: ("act", "#b3261e")
            }
        text = Self.template.render(Model(app: look.app, word: word, fill: fill))
    }

    private static let template: MustacheTemplate = {
        do {
            return try MustacheTemplate(
                string: """
                    <svg xmlns="http://www.w3.org/2000/svg" width="150" height="20" role="img" aria-label="{{app}}: {{word}}"><rect width="100" height="20" fill="#444"/><rect x="100" width="50" height="20" fill="{{fill}}"/><g fill="#fff" font-family="sans-serif" font-size="11" text-anchor="middle"><text x="50" y="14" textLength="88" lengthAdjust="spacingAndGlyphs">{{app}}</text><text x="125" y="14">{{word}}</text></g></svg>

                    """)
        } catch {
            // It is a constant, which a test renders.
            preconditionFailure("The badge's template is wrong: \(error)")
        }
    }()
}
