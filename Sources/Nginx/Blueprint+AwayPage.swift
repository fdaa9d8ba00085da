/// What visitors of a site see while no colour has its traffic.
extension Blueprint {
    /// In a place of its own, so that every path of the site is answered alike: the page is HTML
    /// also where somebody asked for an image, and no proxy or browser keeps it.
    var awayLocation: String {
        let page = Self.awayPage.split(separator: "\n").map { "            \($0)\n" }.joined()
        return """
                location @away {
                    types {}
                    default_type "text/html; charset=utf-8";
                    add_header Retry-After 10 always;
                    add_header Cache-Control no-store always;
                    return 503 "
            \(page)        ";
                }

            """
    }

    /// It stands between double quotes in a file where a dollar begins a variable.
    private static let awayPage = """
        <!doctype html>
        <html lang='en'>
        <head>
        <meta charset='utf-8'>
        <meta name='viewport' content='width=device-width'>
        <title>Back in a moment</title>
        </head>
        <body style='font: 1.2em sans-serif; margin: 20vh 1em; text-align: center'>
        <p>We are updating this site. It will be back in a moment.</p>
        </body>
        </html>
        """
}
