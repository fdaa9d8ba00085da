import HostSystem

extension CallerTemplates {
    static let codeDeploy = [
        CallerFile(path: "appspec.yml", text: appSpecification, access: .everyoneReads),
        CallerFile(path: "deploy/deploy.sh", text: codeDeployScript, access: .everyoneRuns),
        CallerFile(path: "deploy/validate.sh", text: validationScript, access: .everyoneRuns),
    ]

    private static let appSpecification = """
        # appspec.yml, at the top of the revision.
        version: 0.0
        os: linux
        files:
          # Not {{folder}} itself: the agent deletes there what it brought the last time.
          - source: /
            destination: {{folder}}-revision
        file_exists_behavior: OVERWRITE
        hooks:
          # No ApplicationStop: Teal stops the previous colour, and only after the switch.
          # No runas: a timeout then leaves Teal the time to undo what it began.
          ApplicationStart:
            - location: deploy/deploy.sh
              timeout: 900
          ValidateService:
            - location: deploy/validate.sh
              timeout: 60

        """

    private static let codeDeployScript = """
        #!/bin/sh
        # deploy/deploy.sh, run by CodeDeploy's agent as root.
        set -eu
        revision={{folder}}-revision
        mkdir -p {{folder}}
        cp -R "$revision/." {{folder}}/
        cd {{folder}}
        set -- --release "$DEPLOYMENT_ID" --wait-lock 10m
        for file in imageDetail.json imagedefinitions.json; do
            if [ -f "$revision/$file" ]; then set -- "$@" --artifact "$revision/$file"; fi
        done
        # exec, so that the agent's SIGTERM reaches Teal.
        exec teal deploy "$@"

        """

    private static let validationScript = """
        #!/bin/sh
        # deploy/validate.sh, run by CodeDeploy's agent: exit 5 when what has traffic is unhealthy.
        exec teal status --app {{app}}

        """
}
