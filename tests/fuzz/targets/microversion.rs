#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jeroboam_fuzz::microversion::check(data));
