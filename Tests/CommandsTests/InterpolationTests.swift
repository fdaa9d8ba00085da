import Testing

@testable import Commands

@Suite("Variables in teal.yml")
struct InterpolationTests {
    @Test(
        "A variable, its default and a plain dollar are put in",
        arguments: [
            ("${APP}", "shop"), ("a-${APP}-b", "a-shop-b"), ("${NONE:-x}", "x"),
            ("${EMPTY:-x}", "x"),
            ("${EMPTY}", ""), ("${NONE:-}", ""), ("$$", "$"), ("$${APP}", "${APP}"),
            ("plain", "plain"),
            ("${APP}${APP}", "shopshop"), ("${ODD}", "${APP}"),
        ])
    func values(_ text: String, _ expected: String) throws {
        let interpolation = Interpolation(
            environment: ["APP": "shop", "EMPTY": "", "ODD": "${APP}"])
        #expect(try interpolation.apply(to: text) == expected)
    }

    @Test("A variable that is not set is named, with its place")
    func missing() {
        let found = mistakes("app: ${APP_NAME}\nservices: {web: {port: 80}}")
        #expect(
            found == [
                "teal.yml:1:6: the environment variable APP_NAME is not set: export it, "
                    + "or write ${APP_NAME:-default}"
            ])
    }

    @Test(
        "A form that Teal does not know is refused",
        arguments: [
            ("$APP", "a lone $"), ("${APP", "not closed"),
            ("${APP-x}", "no variable that Teal knows"),
            ("${}", "no variable that Teal knows"), ("${1}", "no variable that Teal knows"),
            ("${A B}", "no variable that Teal knows"), ("cost: 5$", "a lone $"),
        ])
    func refused(_ text: String, _ expected: String) {
        do throws(Interpolation.Mistake) {
            let result = try Interpolation(environment: ["APP": "shop"]).apply(to: text)
            Issue.record("accepted as \(result)")
        } catch {
            #expect(error.text.contains(expected), "\(error.text)")
        }
    }

    @Test("What a variable holds never reaches an error")
    func secret() {
        let found = mistakes(
            """
            app: ${SECRET}
            services: {web: {port: "${SECRET}", health: {http: "${SECRET}"}}}
            drain: ${SECRET}
            switch: ${SECRET}
            """, ["SECRET": "Hunter 2"])
        #expect(found.count == 5)
        #expect(found.allSatisfy { $0.contains("${SECRET}") && !$0.contains("Hunter 2") })
    }
}
