//! Bars drawn as inline SVG: they need no script, grow with the page and print.

use super::shown::{percent, points};
use crate::eval::significance::Interval;
use askama::Template;

/// A share between 0 and 1 with its interval.
#[derive(Debug, Clone, Template)]
#[template(config = "src/page/askama.toml", path = "report/bar.html")]
pub(super) struct Bar {
    width: String,
    whiskers: Option<[String; 2]>,
    label: String,
}

impl askama::filters::HtmlSafe for Bar {}

impl Bar {
    pub(super) fn new(name: &str, share: f64, interval: Option<Interval>) -> Self {
        let mut label = format!("{name} {}", percent(share));
        if let Some(Interval(low, high)) = interval {
            label += &format!(", 95 % interval {} to {}", percent(low), percent(high));
        }
        let place = |share: f64| format!("{:.2}", share.clamp(0.0, 1.0) * 100.0);
        Self { width: place(share), whiskers: interval.map(|Interval(low, high)| [place(low), place(high)]), label }
    }

    /// A bar of `part` of the longest; its number stands beside it.
    pub(super) fn of_count(part: f64, longest: f64) -> Self {
        Self { label: String::new(), ..Self::new("", if longest > 0.0 { part / longest } else { 0.0 }, None) }
    }
}

/// A difference with its interval, left or right of zero.
#[derive(Debug, Clone, Template)]
#[template(config = "src/page/askama.toml", path = "report/difference.html")]
pub(super) struct DifferenceBar {
    start: String,
    width: String,
    whiskers: Option<[String; 2]>,
    better: bool,
    label: String,
}

impl askama::filters::HtmlSafe for DifferenceBar {}

impl DifferenceBar {
    /// `widest` is the greatest absolute number that has to fit.
    pub(super) fn new(difference: f64, interval: Option<Interval>, widest: f64) -> Self {
        let place = |value: f64| {
            let share = if widest > 0.0 { (value / widest).clamp(-1.0, 1.0) } else { 0.0 };
            50.0 + share * 50.0
        };
        let end = place(difference);
        let mut label = format!("difference {}", points(difference));
        if let Some(Interval(low, high)) = interval {
            label += &format!(", 95 % interval {} to {}", points(low), points(high));
        }
        let text = |number: f64| format!("{number:.2}");
        Self {
            start: text(end.min(50.0)),
            width: text((end - 50.0).abs()),
            whiskers: interval.map(|Interval(low, high)| [text(place(low)), text(place(high))]),
            better: difference > 0.0,
            label,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_what_it_shows() {
        let bar = Bar::new("F1", 0.912, Some(Interval(0.9, 0.92))).to_string();
        assert!(bar.contains(r#"aria-label="F1 91.20, 95 % interval 90.00 to 92.00""#), "{bar}");
        assert!(bar.contains(r#"width="91.20%""#), "{bar}");
        assert!(bar.contains(r#"x1="90.00%""#), "{bar}");
        assert!(Bar::of_count(1.0, 0.0).to_string().contains(r#"aria-hidden="true""#));
    }

    #[test]
    fn a_difference_starts_in_the_middle() {
        let bar = DifferenceBar::new(-0.1, None, 0.2).to_string();
        assert!(bar.contains(r#"x="25.00%""#) && bar.contains(r#"width="25.00%""#), "{bar}");
        let bar = DifferenceBar::new(0.1, Some(Interval(-0.1, 0.3)), 0.2).to_string();
        assert!(bar.contains(r#"x="50.00%""#) && bar.contains(r#"x1="100.00%""#), "{bar}");
    }
}
