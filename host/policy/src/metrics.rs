//! How often policy files were read.

use jeroboam_telemetry::metrics::Counters;

jeroboam_telemetry::metrics! {
    /// The table.
    pub struct PolicyMetrics {
        loads: Counters<1> = "jeroboam_policy_loads", ["outcome"],
            "Times that policy files were read: `used`, or `refused` for what is wrong with them, which leaves the rules of before in force.";
    }
}
