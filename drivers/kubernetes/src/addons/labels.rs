//! The labels of the add-ons that a cluster can do without. Those of its network, DNS and cloud provider are in `crate::labels`.

use jeroboam_driver_sdk::labels;

labels! {
    // Network
    CILIUM_TAG = "cilium_tag": text, default "v1.19.6", since "0.1.0", "The tag of Cilium's images cilium and operator-generic.";
    CILIUM_IPV4POOL = "cilium_ipv4pool": cidr, default "10.100.0.0/16", since "0.1.0", "Addresses of pods with the network driver cilium.";

    // Volumes
    CSI_SNAPSHOTTER_TAG = "csi_snapshotter_tag": text, default "v8.3.0", since "0.1.0", "The tag of the images csi-snapshotter and snapshot-controller.";

    // Figures and problems
    METRICS_SERVER_ENABLED = "metrics_server_enabled": boolean, default "true", since "0.1.0", "Whether the metrics server runs, for kubectl top and horizontal autoscaling of pods.";
    METRICS_SERVER_TAG = "metrics_server_tag": text, default "v0.8.1", since "0.1.0", "The tag of the image metrics-server.";
    NPD_ENABLED = "npd_enabled": boolean, default "true", since "0.1.0", "Whether the node problem detector reports what the kernel complains of as conditions of nodes.";
    NODE_PROBLEM_DETECTOR_TAG = "node_problem_detector_tag": text, default "v1.35.2", since "0.1.0", "The tag of the image node-problem-detector.";
    MONITORING_ENABLED = "monitoring_enabled": boolean, default "false", since "0.1.0", "Prometheus and Grafana, which this driver does not bring: true is refused. Install the Helm chart kube-prometheus-stack, or let the operator's setting post_install_manifest_url name a manifest.";

    // The dashboard
    KUBE_DASHBOARD_ENABLED = "kube_dashboard_enabled": boolean, default "false", since "0.1.0", "Whether Kubernetes' dashboard runs, in the namespace kubernetes-dashboard. It shows what the token that a user logs in with may see.";
    KUBE_DASHBOARD_VERSION = "kube_dashboard_version": text, default "v2.7.0", since "0.1.0", "The tag of the image dashboard. v2.7.0 is the last that needs no Helm; later ones are other software.";
    METRICS_SCRAPER_TAG = "metrics_scraper_tag": text, default "v1.0.8", since "0.1.0", "The tag of the dashboard's image metrics-scraper.";

    // Scaling and healing
    AUTO_SCALING_ENABLED = "auto_scaling_enabled": boolean, default "false", since "0.1.0", "Whether the cluster autoscaler adds workers for pods that find no room, and removes idle ones. It needs max_node_count and the cloud provider.";
    AUTOSCALER_TAG = "autoscaler_tag": text, default "v1.34.2", since "0.1.0", "The tag of the image cluster-autoscaler; its minor version should be that of kube_tag.";
    AUTO_SCALING_ROLES = "auto_scaling_roles": choices(), default "worker", since "0.1.0", "Roles of the node groups that the autoscaler resizes, of those that have a max_node_count.";
    MIN_NODE_COUNT = "min_node_count": integer(0, 10000), since "0.1.0", "Below how many nodes the default group of workers does not shrink; without this label 0.";
    MAX_NODE_COUNT = "max_node_count": integer(1, 10000), since "0.1.0", "Above how many nodes the default group of workers does not grow.";
    AUTO_HEALING_ENABLED = "auto_healing_enabled": boolean, default "false", since "0.1.0", "Whether a controller restarts nodes that stay unready, and has those replaced that this does not help. It needs the cloud provider.";
    AUTO_HEALING_CONTROLLER = "auto_healing_controller": choice("magnum-auto-healer"), default "magnum-auto-healer", since "0.1.0", "Which one. draino, the choice of old, is no longer maintained; what it did beside the node problem detector is up to the autoscaler.";
    MAGNUM_AUTO_HEALER_TAG = "magnum_auto_healer_tag": text, default "v1.34.1", since "0.1.0", "The tag of the image magnum-auto-healer.";

    // Who may do what
    KEYSTONE_AUTH_ENABLED = "keystone_auth_enabled": boolean, default "true", since "0.1.0", "Whether the API takes Keystone's tokens. What their users may do is in the ConfigMap k8s-keystone-auth-policy: at first, users of the cluster's project by the roles k8s_admin, k8s_developer and k8s_viewer.";
    K8S_KEYSTONE_AUTH_TAG = "k8s_keystone_auth_tag": text, default "v1.34.1", since "0.1.0", "The tag of the image k8s-keystone-auth.";
    CERT_MANAGER_API = "cert_manager_api": boolean, default "false", since "0.1.0", "Whether the controller manager signs certificates that are approved in Kubernetes' certificates API. The CA's private key is then on every master.";

    // Ingress
    INGRESS_CONTROLLER = "ingress_controller": choice("octavia", "nginx"), since "0.1.0", "What serves Ingress objects: octavia makes a load balancer for each; nginx takes ports 80 and 443 of nodes with the label role=<ingress_controller_role>. Without this label nothing does. traefik has to be installed with its own chart.";
    INGRESS_CONTROLLER_ROLE = "ingress_controller_role": text, default "ingress", since "0.1.0", "The value of the node label role on nodes that run the ingress controller nginx.";
    OCTAVIA_INGRESS_CONTROLLER_TAG = "octavia_ingress_controller_tag": text, default "v1.34.1", since "0.1.0", "The tag of the image octavia-ingress-controller.";
    NGINX_INGRESS_CONTROLLER_TAG = "nginx_ingress_controller_tag": text, default "v1.15.1", since "0.1.0", "The tag of ingress-nginx' image controller. There will be no later one: its project has ended.";
}
