/// Programs of others that are something whole by themselves, by the last part of their image's
/// name or, where that says too little, by the last two.
extension KnownNames {
    /// Images that are an application by themselves, with pages that people come for.
    static let applications: Set<String> = [
        "activepieces", "actual-server", "adguardhome", "affine-graphql", "akaunting",
        "anythingllm", "appsmith-ce", "archivebox", "artifactory-oss", "artifactory-pro",
        "audiobookshelf", "automatisch", "azuracast", "baserow", "bazarr", "bitbucket",
        "bookstack", "budibase", "cal.com", "calcom", "calibre-web", "castopod",
        "changedetection.io", "chartmuseum", "chatwoot", "code-server", "concourse", "confluence",
        "countly-server", "cryptpad", "cyberchef", "dashy", "directus", "discourse", "docmost",
        "documenso", "docuseal", "docuseal-pro", "dokuwiki", "domoticz", "drawio", "drone",
        "drupal", "element-web", "emby", "espocrm", "etherpad", "excalidraw", "filebrowser",
        "firefly-iii", "flagsmith", "flarum", "flatnotes", "flowise", "focalboard", "forgejo",
        "formbricks", "freescout", "freshrss", "friendica", "frigate", "funkwhale", "gerrit",
        "ghost", "gitea", "gitbucket", "gitlab-ce", "gitlab-ee", "glitchtip", "glpi", "goatcounter",
        "graylog",
        "gogs", "gophish", "grav", "grocy", "growthbook", "guacamole", "healthchecks", "hedgedoc",
        "heimdall", "hoarder", "homarr", "home-assistant", "homeassistant", "homebox", "homepage",
        "homer", "huginn", "humhub", "immich-server", "infisical", "invoiceninja", "invoiceshelf",
        "it-tools", "jellyfin", "jellyseerr", "jenkins", "jira-software", "joomla", "jupyterhub",
        "kanboard", "karakeep", "kavita", "kestra", "kimai", "komga", "kutt", "langflow",
        "leantime", "lemmy-ui", "librechat", "librenms", "librephotos", "lidarr", "lightdash",
        "linkace", "linkding", "linkwarden", "listmonk", "lobe-chat", "logto", "lychee", "magento",
        "mastodon", "matomo", "mattermost-enterprise-edition", "mattermost-team-edition", "mautic",
        "mealie", "mediawiki", "memos", "metabase", "miniflux", "misskey", "monica", "moodle",
        "n8n", "navidrome", "netbox", "nexus3", "nextcloud", "nocobase", "nocodb", "node-red",
        "nodebb", "ntfy", "ocis", "odoo", "onedev", "open-webui", "openhab", "openproject",
        "osticket", "outline", "overseerr", "owncast", "owncloud", "paperless-ngx", "papermerge",
        "passbolt", "peertube", "penpot-frontend", "photoprism", "photoview", "phpbb", "pihole",
        "piwigo", "pixelfed", "plane-frontend", "plausible", "pleroma", "plex", "pms-docker",
        "pocketbase", "postal", "posthog", "prestashop", "privatebin", "prowlarr",
        "qbittorrent", "radarr", "rainloop", "rallly", "readarr", "redash", "redmine",
        "rocket.chat", "roundcubemail", "rss-bridge", "rsshub", "rstudio", "sabnzbd",
        "seafile-mc", "searxng", "semaphore", "sentry", "shaarli", "shiori", "shlink",
        "silverbullet", "snappymail", "snipe-it", "sonarqube", "sonarr", "statping",
        "stirling-pdf", "strapi", "suitecrm", "superset", "syncthing", "synapse", "taiga",
        "taiga-front", "tandoor", "teamcity-server", "thingsboard", "tooljet", "tooljet-ce",
        "traccar", "trilium", "tt-rss", "twenty", "umami", "unifi-network-application",
        "uptime-kuma", "vaultwarden", "verdaccio", "vikunja", "wallabag", "wekan", "wger",
        "wg-easy", "whoogle-search", "wiki", "wikijs", "windmill", "woocommerce",
        "woodpecker-server", "wordpress", "writefreely", "xwiki", "yourls", "youtrack",
        "zabbix-web-apache-mysql", "zabbix-web-apache-pgsql", "zabbix-web-nginx-mysql",
        "zabbix-web-nginx-pgsql", "zammad", "zulip",
    ]

    static let applicationRepositories: Set<String> = [
        "fireflyiii/core", "joplin/server", "jitsi/web", "owncloud/server", "plausible/analytics",
        "plausible/community-edition", "standardnotes/server", "vabene1111/recipes",
        "vaultwarden/server",
    ]

    /// Servers that an app of one's own asks or sends its visitors to, and that keep their own state:
    /// sign-on, flags, media, live messages.
    static let platforms: Set<String> = [
        "airbyte-server", "apprise", "appwrite", "asterisk", "authelia", "camunda-bpm-platform",
        "casdoor", "centrifugo", "conductor", "coturn", "dex", "eturnal", "flagd", "fusionauth-app",
        "geoserver",
        "gotify", "hydra", "exim-relay", "jicofo", "jvb", "keto", "kratos", "livekit-server",
        "lldap",
        "mailserver", "docker-mailserver", "mediamtx", "mercure", "mlflow", "openfga",
        "opensips", "optimize", "postfix", "postfix-relay", "prosody", "smtp-relay", "soketi",
        "spicedb", "srs",
        "stalwart", "supertokens-mysql", "supertokens-postgresql", "tileserver-gl",
        "unleash-proxy", "unleash-server", "zeebe", "zitadel",
    ]

    static let platformRepositories: Set<String> = [
        "bytemark/smtp", "goauthentik/server", "ixdotai/smtp", "namshi/smtp", "novu/api",
        "permitio/opal-server", "prefecthq/prefect",
    ]

    /// Names of theirs that anybody may give to an image, with the owners who mean these; without
    /// an owner it is Docker's own one.
    static let ordinaryNames: [String: Set<String>] = [
        "activepieces": ["activepieces"], "apprise": ["caronc"], "calcom": ["calcom"],
        "conductor": ["conductoross"], "concourse": ["concourse"], "dex": ["dexidp"],
        "drone": ["drone"], "focalboard": ["mattermost"], "ghost": [""], "grav": ["getgrav"],
        "healthchecks": ["healthchecks"], "heimdall": ["linuxserver"], "homer": ["b4bz"],
        "homepage": ["gethomepage"], "huginn": ["huginn"], "hydra": ["oryd"],
        "keto": ["oryd"], "kratos": ["oryd"], "lychee": ["lycheeorg"], "magento": ["bitnami"],
        "memos": ["neosmemo", "usememos"], "mercure": ["dunglas"], "monica": [""],
        "optimize": ["camunda"], "outline": ["outlinewiki"], "postal": ["postalserver"],
        "prosody": ["jitsi", "prosody"], "recipes": ["vabene1111"], "semaphore": ["semaphoreui"],
        "sentry": ["", "getsentry"], "srs": ["ossrs"], "strapi": ["strapi", "naskio"],
        "taiga": ["taigaio"], "tandoor": ["vabene1111"], "twenty": ["twentycrm"],
        "wiki": ["requarks"], "windmill": ["windmill-labs"],
    ]

    /// Applications that lock an index, a queue or a database in files of their own, whatever
    /// database they have besides.
    static let lockingApplications: Set<String> = [
        "artifactory-oss", "artifactory-pro", "bitbucket", "confluence", "forgejo", "gerrit",
        "gitea", "gitlab-ce", "gitlab-ee", "gogs", "graylog", "home-assistant", "homeassistant",
        "jellyfin",
        "jenkins", "jira-software", "nexus3", "plex", "sonarqube", "synapse", "syncthing",
        "thingsboard", "xwiki", "youtrack", "onedev", "gitbucket",
    ]

    /// Owners of images who make many things that do not belong together.
    static let publishers: Set<String> = [
        "amazon", "apache", "bitnami", "bitnamilegacy", "clickhouse", "cloudflare",
        "confluentinc", "crazymax", "dpage", "elastic", "envoyproxy", "google", "grafana",
        "hashicorp", "hotio", "jaegertracing", "jupyter", "jwilder", "library", "linuxserver",
        "microsoft", "minio", "mirror", "nginxinc", "nginxproxy", "opensearchproject", "oryd",
        "otel", "prom", "prometheus", "provectuslabs", "rancher", "redis", "redpandadata",
        "selenium", "serversideup", "temporalio", "tiredofit", "webdevops", "wodby",
    ]

    /// Databases that keep an app's records; no cache, no broker and no search.
    static let databases: Set<String> = [
        "azure-sql-edge", "citus", "cockroach", "couchdb", "ferretdb", "mariadb", "mariadb-galera",
        "mongo", "mongodb", "mongodb-community-server", "mssql-server", "mysql", "mysql-server",
        "oracle-free", "oracle-xe", "percona", "percona-server", "percona-server-mongodb",
        "pgbouncer", "pgvector", "pgvecto-rs", "postgis", "postgres", "postgres-alpine",
        "postgresql", "postgresql-repmgr", "timescaledb", "timescaledb-ha", "yugabyte",
    ]
}
