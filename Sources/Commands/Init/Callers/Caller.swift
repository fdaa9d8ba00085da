import ArgumentParser
import HostSystem

/// Other programs that run Teal, for which `teal init --ci` writes the files.
enum Caller: String, CaseIterable, ExpressibleByArgument, Sendable {
    case codedeploy
    case githubSSH = "github-ssh"
    case githubRunner = "github-runner"
    case jenkins
    case git
    case cron

    /// In the repository of the app, unless their own words say otherwise.
    func files(of app: CalledApp) -> [CallerFile] {
        templates.map { template in
            CallerFile(
                path: template.path, text: app.filling(template.text), access: template.access)
        }
    }

    /// The steps that are left to the user, in order.
    func moves(for app: CalledApp) -> [String] {
        untoldMoves.map(app.filling)
    }

    private var templates: [CallerFile] {
        switch self {
        case .codedeploy: CallerTemplates.codeDeploy
        case .githubSSH: CallerTemplates.githubSSH
        case .githubRunner: CallerTemplates.githubRunner
        case .jenkins: CallerTemplates.jenkins
        case .git: CallerTemplates.git
        case .cron: CallerTemplates.cron
        }
    }

    private var untoldMoves: [String] {
        switch self {
        case .codedeploy:
            [
                "Put compose.yml, teal.yml and these files at the top of the revision. An "
                    + "imageDetail.json there gives the image; without it the compose file does.",
                "In the deployment group switch on the rollback when a deployment fails.",
                "`teal check` on the host, then the first deployment.",
            ]
        case .githubSSH:
            [
                "On the host: a user with your key who may run sudo without a password, and "
                    + "`mkdir -p {{folder}}`.",
                "Repository secrets DEPLOY_KEY (the private key) and DEPLOY_KNOWN_HOSTS (the lines "
                    + "of `ssh-keyscan HOST`, compared with the host's own keys).",
                "Repository variable DEPLOY_TO, as in `ssh://deploy@shop.example:22`.",
                "The compose file takes the image's tag from ${TAG}, the commit.",
            ]
        case .githubRunner:
            [
                "A runner on the host with the label {{app}}, whose user may run sudo without a "
                    + "password; `mkdir -p {{folder}}`.",
                "The compose file takes the image's tag from ${TAG}, the commit.",
            ]
        case .jenkins:
            [
                "`promote: manual` in teal.yml, so that a release waits for the input step.",
                "An agent on the host with the label {{app}}, whose user may run sudo without a "
                    + "password; `mkdir -p {{folder}}`.",
                "The compose file takes the image's tag from ${TAG}, the commit.",
            ]
        case .git:
            [
                "On the host: `git init --bare /srv/git/{{app}}.git` and `mkdir -p {{folder}}`.",
                "Copy deploy/post-receive to /srv/git/{{app}}.git/hooks/post-receive, and "
                    + "`chmod 755` it there.",
                "The user who pushes may run sudo without a password.",
                "`git remote add production ssh://deploy@HOST/srv/git/{{app}}.git`, then "
                    + "`git push production main`.",
            ]
        case .cron:
            ["On the host: `sudo install -m 644 deploy/teal.cron /etc/cron.d/teal`."]
        }
    }
}

/// The app that a caller deploys.
struct CalledApp: Hashable, Sendable {
    let name: String
    /// Where its files are on the host; absolute.
    let folder: String

    /// Neither can end a word or a line in any of the files.
    func filling(_ text: String) -> String {
        text.replacing("{{app}}", with: name).replacing("{{folder}}", with: folder)
    }
}

/// A file that a caller needs.
struct CallerFile: Hashable, Sendable {
    /// Relative to the top of the repository.
    let path: String
    let text: String
    let access: FileAccess
}

/// The texts of the files; `{{app}}` and `{{folder}}` are put in.
enum CallerTemplates {}
