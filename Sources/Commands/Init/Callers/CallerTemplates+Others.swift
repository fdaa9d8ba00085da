import HostSystem

extension CallerTemplates {
    static let jenkins = [
        CallerFile(path: "Jenkinsfile", text: jenkinsPipeline, access: .everyoneReads)
    ]

    static let git = [
        CallerFile(path: "deploy/post-receive", text: gitHook, access: .everyoneRuns)
    ]

    static let cron = [
        CallerFile(path: "deploy/teal.cron", text: cronTable, access: .everyoneReads)
    ]

    private static let jenkinsPipeline = """
        // Jenkinsfile: deploys, asks a person, then gives the release traffic (promote: manual).
        pipeline {
            agent { label '{{app}}' }
            options {
                disableConcurrentBuilds()
                timeout(time: 2, unit: 'HOURS')
            }
            stages {
                stage('Deploy') {
                    steps {
                        sh 'git archive "$GIT_COMMIT" | sudo tar -x -C {{folder}}'
                        // Ends when the release is healthy and waits.
                        sh '''
                            cd {{folder}}
                            set -- --release "$GIT_COMMIT" --detach --wait-lock 10m
                            exec sudo TAG="$GIT_COMMIT" teal deploy "$@"
                        '''
                    }
                }
                stage('Promote') {
                    input {
                        message 'Give the new release traffic?'
                        ok 'Promote'
                    }
                    steps {
                        sh 'exec sudo teal promote --app {{app}}'
                    }
                }
            }
            post {
                // The input was answered with Abort, or the build was stopped.
                aborted {
                    sh '''
                        sudo teal abort --app {{app}} --wait-lock 10m ||
                            sudo teal status --app {{app}}
                    '''
                }
            }
        }

        """

    private static let gitHook = #"""
        #!/bin/sh
        # deploy/post-receive: /srv/git/{{app}}.git/hooks/post-receive, executable.
        set -eu
        branch=refs/heads/main

        deploy() {
            # A later push that was deployed first has the newer release.
            if [ "$(git rev-parse "$branch")" != "$1" ]; then
                echo "$1 is not deployed: a later push has taken its place."
                return 0
            fi
            git archive "$1" | sudo tar -x -C {{folder}} || return 1
            cd {{folder}} || return 1
            sudo TAG="$1" teal deploy --release "$1" --wait-lock 10m </dev/null
        }

        while read -r _ new ref; do
            if [ "$ref" != "$branch" ]; then continue; fi
            case $new in
            *[!0]*) ;;
            *) continue ;; # The branch was deleted.
            esac
            exec 9>>"$PWD/deploying"
            if ! flock --nonblock 9; then
                echo "Another push is being deployed. This one waits."
                flock --timeout 900 9 || {
                    echo "NOT DEPLOYED: the other push did not end. Push again later." >&2
                    exit 1
                }
            fi
            # Whatever is started does not hold the lock.
            (deploy "$new") 9>&- || {
                echo "NOT DEPLOYED: $new was received, and the reason is above." >&2
                exit 1
            }
            exec 9>&-
        done

        """#

    private static let cronTable = """
        # /etc/cron.d/teal: looks at all apps each minute, and acts as their teal.yml says.
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        * * * * * root teal probe --all --quiet-when-busy

        """
}
