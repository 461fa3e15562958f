//! Parts that a person's own plan for hard times can begin with, in the languages that Windbreak speaks.
//! Nobody has to take any: a plan is its owner's. Source of the idea: specs/08-content I-57.

use crate::api::message::{Language, SuggestedPart};

/// All of them in a language, from what one notices first to what one lives for.
#[must_use]
pub fn parts_of_a_plan(language: Language) -> Vec<SuggestedPart> {
    let text = match language {
        Language::En => include_str!("../assets/plan.en.txt"),
        Language::De => include_str!("../assets/plan.de.txt"),
        Language::Es => include_str!("../assets/plan.es.txt"),
    };
    let part = |part: &str| {
        let (title, about) = part.trim().split_once('\n')?;
        Some(SuggestedPart { title: title.to_owned(), about: about.to_owned() })
    };
    text.split("\n\n").filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use windbreak_protocol::limits::{MAX_PLAN_PARTS, MAX_PLAN_TITLE_CHARS};

    use super::*;

    #[test]
    fn every_language_suggests_as_many_parts_that_a_plan_has_room_for() {
        let of = [Language::En, Language::De, Language::Es].map(parts_of_a_plan);
        for parts in &of {
            assert_eq!(parts.len(), 7);
            assert!(parts.len() < MAX_PLAN_PARTS);
            for SuggestedPart { title, about } in parts {
                assert!((1..=MAX_PLAN_TITLE_CHARS).contains(&title.chars().count()), "{title}");
                assert!(!about.is_empty() && !about.contains('\n'), "{title}");
            }
        }
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            assert!(of[one].iter().all(|part| !of[other].contains(part)), "{one} and {other}");
        }
    }
}
