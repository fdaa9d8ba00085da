# A CycloneDX document of what is inside the program. Takes Package.resolved; $toolchain is a list
# of {name, version, license, purl}, $licences an object from package to licence.
{
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
        timestamp: $timestamp,
        component: {
            type: "application", "bom-ref": "teal", name: "teal", version: $version,
            licenses: [{license: {id: "Apache-2.0"}}],
            properties: [{name: "commit", value: $commit}]
        }
    },
    components: ([
        .pins[] | .identity as $identity
        | (.location | sub("^https://"; "") | sub("\\.git$"; "")) as $place
        | {
            type: "library", "bom-ref": $identity, name: $identity,
            version: (.state.version // .state.revision),
            purl: "pkg:swift/\($place)@\(.state.version // .state.revision)",
            externalReferences: [{type: "vcs", url: .location}],
            properties: [{name: "commit", value: .state.revision}]
        } + (if $licences[$identity] then {licenses: [{license: {id: $licences[$identity]}}]} else {} end)
    ] + [
        $toolchain[]
        | {type: "library", "bom-ref": .purl, name, version, purl, licenses: [{expression: .license}]}
    ]),
    dependencies: [
        {ref: "teal", dependsOn: ([.pins[].identity] + [$toolchain[].purl])}
    ]
}
