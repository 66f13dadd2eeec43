//! Text for XML.

use quick_xml::escape::escape;
use std::borrow::Cow;

/// The text without what XML 1.0 cannot hold: each such control character becomes U+FFFD, so that offsets stay right.
pub(super) fn allowed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_allowed(c) { c } else { char::REPLACEMENT_CHARACTER }).collect())
}

/// The text as content of an element or value of an attribute: line breaks and tabs survive there as references only.
pub(super) fn escaped(text: &str) -> String {
    escape(allowed(text)).replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_replaced_and_the_rest_escaped() {
        assert_eq!(allowed("a\u{0}b\u{ffff}"), "a\u{fffd}b\u{fffd}");
        assert_eq!(escaped("<\"&'>\n\r\t"), "&lt;&quot;&amp;&apos;&gt;&#10;&#13;&#9;");
    }
}
