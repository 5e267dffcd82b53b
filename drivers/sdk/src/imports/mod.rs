//! What the host can be asked, one module for each interface of the contract. In a component the host answers, natively the
//! test's [`World`](crate::testing::World).

/// One call: what a component does, and what a native build does.
macro_rules! import {
    ($component:expr, $native:expr $(,)?) => {{
        #[cfg(target_arch = "wasm32")]
        {
            $component
        }
        #[cfg(not(target_arch = "wasm32"))]
        {
            crate::testing::answer($native)
        }
    }};
}

/// What the record that the world was made of answers to a question, else what the world does.
#[cfg(not(target_arch = "wasm32"))]
macro_rules! asked {
    ($world:ident, $interface:literal $function:literal ($($argument:ident),*), $else:expr) => {
        match $world.recorded($interface, $function, &[$((stringify!($argument), &$argument)),*]) {
            Some(answer) => answer,
            None => $else,
        }
    };
}

pub mod certificates;
pub mod coe_api;
pub mod floating_ips;
pub mod load_balancers;
pub mod log;
pub mod lookup;
pub mod settings;
pub mod stacks;
pub mod volumes;
