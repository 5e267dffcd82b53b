//! A panic ends the instance, and its message would go with it. It is sent to the operator's log first.

#[cfg(target_arch = "wasm32")]
pub(crate) fn report() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| crate::log::error(&info.to_string())));
    });
}
