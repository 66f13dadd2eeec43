#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| namesake_fuzz::record(bytes));
