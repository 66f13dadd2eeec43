use super::*;
use proptest::prelude::*;

/// Clusters written as strings of mentions: every letter is a mention.
fn items(key: &[&str], response: &[&str]) -> Vec<Item> {
    let place = |clusters: &[&str], mention: char| {
        clusters.iter().position(|cluster| cluster.contains(mention)).map(|index| u32::try_from(index).unwrap())
    };
    let mut mentions: Vec<char> = key.iter().chain(response).flat_map(|cluster| cluster.chars()).collect();
    mentions.sort_unstable();
    mentions.dedup();
    mentions
        .into_iter()
        .map(|mention| Item { key: place(key, mention), response: place(response, mention), surface: mention.into() })
        .collect()
}

fn score(key: &[&str], response: &[&str]) -> ClusterScores {
    ClusterTally::of(&items(key, response)).scores()
}

#[track_caller]
fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 5e-4, "{value} is not {expected}");
}

/// The four responses of Luo (2005), table 1.
#[test]
fn luo_2005() {
    let key = ["12345", "67", "89ABC"];
    let responses: [(&[&str], [f64; 4]); 4] = [
        (&["12345", "6789ABC"], [0.9474, 0.8649, 0.8333, 0.7333]),
        (&["1234589ABC", "67"], [0.9474, 0.7368, 0.5833, 0.6667]),
        (&["123456789ABC"], [0.9, 0.5455, 0.4167, 0.2941]),
        (&["1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "C"], [0.0, 0.4, 0.25, 0.1778]),
    ];
    for (response, expected) in responses {
        let scores = score(&key, response);
        for (value, expected) in [scores.muc, scores.b_cubed, scores.ceaf_m, scores.ceaf_e].iter().zip(expected) {
            near(value.f1, expected);
        }
    }
}

#[test]
fn lea_counts_a_singleton_as_its_own_link() {
    let scores = score(&["ab", "c", "d"], &["ab", "cd"]);
    near(scores.lea.recall, 0.5);
    near(scores.lea.precision, 0.5);
}

#[test]
fn twinless_mentions_earn_nothing() {
    let scores = score(&["abc", "d"], &["ab", "de"]);
    near(scores.muc.recall, 0.5);
    near(scores.muc.precision, 0.5);
    near(scores.b_cubed.recall, (4.0 / 3.0 + 1.0) / 4.0);
    near(scores.b_cubed.precision, (2.0 + 0.5) / 4.0);
    near(scores.ceaf_e.recall, f64::midpoint(4.0 / 5.0, 2.0 / 3.0));
    near(scores.alias_pairs.recall, 1.0 / 3.0);
}

#[test]
fn blanc_without_links_asks_for_the_same_mentions() {
    near(score(&["a"], &["a"]).blanc.f1, 1.0);
    near(score(&["a"], &["b"]).blanc.f1, 0.0);
    near(score(&["a"], &[]).blanc.f1, 0.0);
    near(score(&["a"], &["ab"]).blanc.f1, 0.0);
    near(score(&[], &[]).blanc.f1, 1.0);
    near(score(&["a", "b"], &["a", "b"]).blanc.f1, 1.0);
}

/// Some mentions, each perhaps in a cluster of either side; the clusters are renumbered without gaps.
fn clusterings() -> impl Strategy<Value = Vec<Item>> {
    proptest::collection::vec((proptest::option::of(0_u32..6), proptest::option::of(0_u32..6), 0_u32..4), 0..24)
        .prop_map(|raw| raw.into_iter().map(|(key, response, surface)| Item { key, response, surface }).collect())
}

proptest! {
    #[test]
    fn scores_lie_between_0_and_1(items in clusterings()) {
        for score in ClusterTally::of(&items).scores().list() {
            for part in score.parts() {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&part), "{:?}", score);
            }
        }
    }

    #[test]
    fn exchanging_the_sides_exchanges_precision_and_recall(items in clusterings()) {
        let swapped: Vec<Item> =
            items.iter().map(|item| Item { key: item.response, response: item.key, ..*item }).collect();
        let (one, other) = (ClusterTally::of(&items).scores(), ClusterTally::of(&swapped).scores());
        // BLANC is not symmetric where the gold has links of one kind only.
        for (name, (one, other)) in ClusterScores::NAMES.iter().zip(one.list().iter().zip(other.list())) {
            if *name != "blanc" {
                prop_assert!((one.precision - other.recall).abs() < 1e-12);
                prop_assert!((one.f1 - other.f1).abs() < 1e-12);
            }
        }
    }
}
