import HostSystem

extension CallerTemplates {
    static let githubSSH = [
        CallerFile(path: path, text: sshWorkflow, access: .everyoneReads)
    ]

    static let githubRunner = [
        CallerFile(path: path, text: runnerWorkflow, access: .everyoneReads)
    ]

    private static let path = ".github/workflows/deploy.yml"

    private static let sshWorkflow = workflow(
        "a runner of GitHub's deploys over ssh", jobs: sshJobs)

    private static let runnerWorkflow = workflow(
        "a runner on the host itself deploys", jobs: runnerJobs)

    /// - Parameters:
    ///   - summary: a clause for the first line.
    ///   - jobs: the lines from `jobs:` on.
    private static func workflow(_ summary: String, jobs: String) -> String {
        "# \(path): \(summary).\n" + trigger + jobs
    }

    private static let trigger = """
        name: deploy
        on:
          push:
            branches: [main]
        permissions:
          contents: read
        # A later push waits, and does not cancel a deploy.
        concurrency:
          group: deploy
          cancel-in-progress: false
        defaults:
          run:
            shell: bash

        """

    private static let sshJobs = #"""
        jobs:
          deploy:
            runs-on: ubuntu-latest
            timeout-minutes: 30
            steps:
              - uses: actions/checkout@v4
              - name: Deploy
                env:
                  DEPLOY_TO: ${{ vars.DEPLOY_TO }}
                  KEY: ${{ secrets.DEPLOY_KEY }}
                  KNOWN_HOSTS: ${{ secrets.DEPLOY_KNOWN_HOSTS }}
                run: |
                  umask 077
                  printf '%s\n' "$KEY" >"$RUNNER_TEMP/key"
                  printf '%s\n' "$KNOWN_HOSTS" >"$RUNNER_TEMP/known_hosts"
                  remote() {
                    ssh -i "$RUNNER_TEMP/key" -o UserKnownHostsFile="$RUNNER_TEMP/known_hosts" \
                      -o BatchMode=yes -o ServerAliveInterval=15 "$DEPLOY_TO" "$1"
                  }
                  git archive "$GITHUB_SHA" | remote 'sudo tar -x -C {{folder}}'
                  remote "cd {{folder}} && sudo TAG=$GITHUB_SHA teal deploy \
                    --release $GITHUB_SHA --wait-lock 10m"

        """#

    private static let runnerJobs = #"""
        jobs:
          deploy:
            runs-on: [self-hosted, {{app}}]
            timeout-minutes: 30
            steps:
              - uses: actions/checkout@v4
              - name: Copy
                run: git archive "$GITHUB_SHA" | sudo tar -x -C {{folder}}
              - name: Deploy
                id: teal
                working-directory: {{folder}}
                env:
                  TAG: ${{ github.sha }}
                # exec, so that a signal reaches what runs and not only a shell.
                run: |
                  exec sudo \
                    --preserve-env=TAG,GITHUB_ACTIONS,GITHUB_STEP_SUMMARY,GITHUB_OUTPUT \
                    teal deploy --release "$GITHUB_SHA" --wait-lock 10m
              - name: Result
                if: always()
                env:
                  OUTCOME: ${{ steps.teal.outputs.outcome }}
                  TRAFFIC: ${{ steps.teal.outputs.traffic }}
                run: |
                  echo "outcome: $OUTCOME, traffic: $TRAFFIC"

        """#
}
