//! What must hold, always and at rest.

use std::collections::{BTreeMap, BTreeSet};

use windbreak_protocol::id::{CircleId, DeviceId, ItemId, MemberId};
use windbreak_protocol::ledger::Role;
use windbreak_protocol::limits::{MAX_OUTBOX, MAX_WAITING};
use windbreak_protocol::view::Marks;
use windbreak_protocol::{CircleOverview, Standing, testing};

use crate::sim::Sim;
use crate::sim::model::Said;
use crate::sim::world::text;

/// How long a quiet circle has to come to rest, in milliseconds.
pub(crate) const REST: u64 = 2 * 3_600_000;
/// How often that is looked at.
const LOOK: u64 = 5 * 60_000;

/// What one device shows.
pub(crate) struct View {
    pub(crate) device: usize,
    pub(crate) overview: CircleOverview,
    secret: Option<[u8; 32]>,
    /// What it shows of what people said.
    texts: Vec<String>,
    /// All it has a place for, with what acts made of it.
    places: BTreeMap<ItemId, Marks>,
    /// What was done to each.
    acts: BTreeMap<ItemId, BTreeSet<ItemId>>,
    /// The share that each advice is for.
    roots: BTreeMap<ItemId, ItemId>,
    /// The devices in its head, and which it is itself.
    pub(super) devices: BTreeSet<DeviceId>,
    pub(super) own: Option<DeviceId>,
    /// Of the words with a file that it shows, whether all of the file is there.
    pub(super) files: BTreeMap<ItemId, bool>,
}

impl Sim {
    /// What holds after every step.
    pub(crate) fn check_step(&mut self) {
        let Some(circle) = self.circle else { return };
        self.check_rights(false);
        self.check_holding(false);
        self.check_agreements();
        for device in 0..self.devices.len() {
            self.note_ids(device);
            let Some(overview) = self.devices[device].overview(self.now, &circle) else {
                continue;
            };
            if overview.waiting > MAX_WAITING || overview.outbox > MAX_OUTBOX {
                self.fail("bounds hold", format!("device {device}: {overview:?}"));
            }
            if overview.forks > 0 {
                self.tally.forked = true;
            }
        }
    }

    /// Everything comes back, and the circle comes to rest; then everything must hold.
    pub(crate) fn check_end(&mut self) {
        self.split = false;
        for device in 0..self.devices.len() {
            self.devices[device].online = true;
            self.devices[device].fuse = None;
            if self.devices[device].engine.is_none() {
                self.switch_on(device);
            }
        }
        self.plan.loss = 0;
        self.relink_all();
        let begun = self.now;
        // Twice in a row: in between somebody may begin something, like leaving an old head.
        let mut rested = false;
        while self.is_well() && self.now < begun + 13 * REST {
            self.run_for(LOOK);
            let rests = self.now >= begun + REST && self.rest().is_ok();
            if rests && rested {
                break;
            }
            rested = rests;
        }
        if !self.is_well() {
            return;
        }
        if let Err((rule, detail)) = self.rest() {
            self.fail(rule, detail);
        }
        self.check_rights(true);
        self.check_holding(true);
        self.check_agreements();
        self.check_files();
        self.count_handed();
        self.check_reports_arrive();
    }

    /// After a quiet time, those who can reach each other agree.
    pub(crate) fn check_sides(&mut self) {
        let Some(circle) = self.circle else { return };
        let mut sides: BTreeMap<Vec<bool>, Vec<View>> = BTreeMap::new();
        for device in 0..self.devices.len() {
            let reached: Vec<bool> =
                (0..self.relays.len()).map(|relay| self.can_reach(device, relay)).collect();
            // Whoever reaches more than one side carries things between them, later.
            let whole = reached.iter().all(|reached| *reached);
            if !reached.contains(&true) || self.split && whole {
                continue;
            }
            // Whoever was put back waits for the others, and they may be on another side.
            let here = |view: &View| is_inside(view) && !self.waits_to_return(view);
            if let Some(view) = self.view(device, &circle).filter(here) {
                sides.entry(reached).or_default().push(view);
            }
        }
        let disagree = sides.values().filter(|_| self.insider.is_none()).find_map(|views| {
            // A member the others of this side have never heard of waits for the other side.
            let views: Vec<&View> = views.iter().collect();
            one_head(&views, true).err()
        });
        if let Some(detail) = disagree {
            self.fail("one head per side", detail);
        }
    }

    /// What each honest device shows, as far as it is on.
    pub(super) fn views(&self, circle: &CircleId) -> Vec<View> {
        let all = (0..self.devices.len()).filter(|device| self.insider != Some(*device));
        all.filter_map(|device| self.view(device, circle)).collect()
    }

    fn view(&self, device: usize, circle: &CircleId) -> Option<View> {
        let overview = self.devices[device].overview(self.now, circle)?;
        let engine = self.devices[device].engine.as_ref()?;
        let secret = testing::head_secret(engine, circle);
        let texts = self.texts(device)?;
        let (places, acts) = self.places(device)?;
        let roots = self.roots(device)?;
        let devices = testing::devices(engine, circle);
        let own = engine.devices(circle)?.iter().find(|own| own.this).map(|own| own.id);
        let files = self.files_shown(device)?;
        Some(View { device, overview, secret, texts, places, acts, roots, devices, own, files })
    }

    /// What a device shows of what people said, in order.
    pub(super) fn texts(&self, device: usize) -> Option<Vec<String>> {
        let engine = self.devices[device].engine.as_ref()?;
        engine.with_timeline(&self.circle?, |timeline| {
            let said = |entry| timeline.content(entry).as_ref().map(text).unwrap_or_default();
            let texts = timeline.entries().iter().map(said);
            texts.filter(|text| !text.is_empty()).collect()
        })
    }

    /// Whether a device was put back, or copied, and is not in again.
    fn waits_to_return(&self, view: &View) -> bool {
        view.overview.coming_back && self.devices[view.device].is_old()
    }

    /// Those of whom something can be asked: they are in the circle, and whoever was put back to a
    /// key that the others do not know any more has nobody to take it in. Nor has the copy of the only device:
    /// no commit takes out the leaf of who makes it (specs/04-order O-76).
    pub(super) fn inside<'a>(&self, views: &'a [View]) -> Vec<&'a View> {
        let inside = || views.iter().filter(|view| is_inside(view));
        let standing: Vec<&View> = inside().filter(|view| !self.waits_to_return(view)).collect();
        let speaks = |key: &DeviceId| {
            let insider = self.insider.is_some_and(|at| self.devices[at].ids.contains(key));
            insider || standing.iter().any(|view| view.own.as_ref() == Some(key))
        };
        let may_come = |view: &View| {
            let (Some(own), Some(standing)) = (&view.own, standing.first()) else {
                return false;
            };
            let devices = &standing.devices;
            devices.contains(own) && devices.iter().any(|key| key != own && speaks(key))
        };
        inside().filter(|view| !self.waits_to_return(view) || may_come(view)).collect()
    }

    /// Whom the head most stand on took out, as somebody wanted, while a device of theirs came in on a
    /// branch that lost: nobody owes it the news, and what it says is shown to nobody else.
    fn removed_elsewhere(&self, views: &[&View]) -> BTreeSet<MemberId> {
        let members = members_of_most(views);
        let others = views.iter().map(|view| view.overview.me);
        let is_removed = |member: &MemberId| {
            !members.contains(member)
                && self.model.removed.iter().any(|gone| gone.member == *member && gone.sure)
        };
        others.filter(is_removed).collect()
    }

    /// Whom only a branch that lost had let in, where the head most stand on has no facilitator, or none with
    /// a key that anybody still has (specs/04-order O-76): nobody may take a stranger in there (specs/03-circle C-47).
    fn stranded(&self, inside: &[&View], views: &[View]) -> BTreeSet<MemberId> {
        let most = most_together(inside);
        let Some(View { devices, .. }) = most.first() else {
            return BTreeSet::new();
        };
        let insider = self.insider.and_then(|insider| self.devices[insider].member);
        let speaks = |member: &MemberId| {
            let of = |view: &&View| view.overview.me == *member;
            let has_key = |view: &View| {
                view.overview.standing == Standing::Active
                    && view.own.is_some_and(|own| devices.contains(&own))
            };
            insider == Some(*member) || views.iter().filter(of).any(has_key)
        };
        let members = most.iter().flat_map(|view| &view.overview.members);
        let mut facilitators = members.clone().filter(|member| member.role == Role::Facilitator);
        if facilitators.any(|member| speaks(&member.id)) {
            return BTreeSet::new();
        }
        let members: BTreeSet<MemberId> = members.map(|member| member.id).collect();
        let others = inside.iter().map(|view| view.overview.me);
        others.filter(|member| !members.contains(member)).collect()
    }

    /// Of copies that are all there are, and know it, one goes on, unless its owner says that others may have come since
    /// (specs/04-order O-84).
    fn somebody_stands(&self, views: &[View], inside: &[&View]) -> Result<(), String> {
        let told = |view: &View| self.devices[view.device].told;
        let waits = |view: &&View| is_inside(view) && self.waits_to_return(view) && !told(view);
        let waiting: Vec<&View> = views.iter().filter(waits).collect();
        let are_alone = |one: &View| {
            let same = |other: &&&View| one.own.is_some() && one.own == other.own;
            let mut copies = waiting.iter().filter(same);
            waiting.iter().filter(same).count() > 1 && copies.all(|view| view.devices.len() == 1)
        };
        match waiting.iter().find(|view| are_alone(view)) {
            Some(view) if inside.is_empty() => {
                Err(format!("device {} and its copies all wait", view.device))
            }
            _ => Ok(()),
        }
    }

    /// Whether everything holds of a circle at rest.
    fn rest(&self) -> Result<(), (&'static str, String)> {
        let Some(circle) = self.circle else {
            return Ok(());
        };
        let views = self.views(&circle);
        let mut inside = self.inside(&views);
        self.somebody_stands(&views, &inside).map_err(|detail| ("somebody stands", detail))?;
        let stranded = self.stranded(&inside, &views);
        inside.retain(|view| !stranded.contains(&view.overview.me));
        let removed = self.removed_elsewhere(&inside);
        inside.retain(|view| !removed.contains(&view.overview.me));
        one_head(&inside, false).map_err(|detail| ("one head", detail))?;
        self.membership(&inside, &stranded).map_err(|detail| ("the right members", detail))?;
        self.right_devices(&views, &inside).map_err(|detail| ("the right devices", detail))?;
        self.items(&inside).map_err(|detail| ("nothing is lost", detail))?;
        self.acts(&inside).map_err(|detail| ("acts hold", detail))?;
        self.reports_at_rest(&inside)
            .map_err(|detail| ("reports reach whom they are for", detail))?;
        self.newcomers_at_rest(&inside)
            .map_err(|detail| ("newcomers read what was opened", detail))?;
        self.files_at_rest(&inside).map_err(|detail| ("files come whole", detail))?;
        self.agreements_at_rest(&inside).map_err(|detail| ("what most agree to holds", detail))?;
        for view in &inside {
            let CircleOverview { outbox, pending_changes, .. } = &view.overview;
            // A succession waits three days for a facilitator's word.
            if *outbox > 0 || *pending_changes > 0 && !self.model.waits_long {
                let detail = format!(
                    "device {}: {outbox} to send, {pending_changes} changes wanted",
                    view.device
                );
                return Err(("it comes to rest", detail));
            }
        }
        Ok(())
    }

    fn membership(&self, inside: &[&View], stranded: &BTreeSet<MemberId>) -> Result<(), String> {
        let Some(first) = inside.first() else {
            return Ok(());
        };
        let members: BTreeSet<MemberId> =
            first.overview.members.iter().map(|member| member.id).collect();
        let facilitators: BTreeSet<MemberId> = first
            .overview
            .members
            .iter()
            .filter(|member| member.role == Role::Facilitator)
            .map(|member| member.id)
            .collect();
        if self.insider.is_some() {
            return Ok(());
        }
        let removed = self.model.removed.iter().map(|gone| (gone, "removed"));
        let left = self.model.left.iter().map(|gone| (gone, "left"));
        for (gone, how) in removed.chain(left) {
            // Who is no facilitator any more before the own wish is done has nobody to do it.
            let may = |by| facilitators.contains(&by);
            let by_may = self.devices[gone.by].member.is_some_and(may);
            // What a device says that its own member took out counts for nothing.
            let counts = !self.is_taken_out(gone.by) && (how == "left" || by_may);
            if gone.sure && members.contains(&gone.member) && counts {
                let of = self.devices.iter().position(|d| d.member == Some(gone.member));
                return Err(format!("device {of:?} {how} by device {} is a member", gone.by));
            }
        }
        for (device, joined) in &self.model.joined {
            for member in joined.iter().filter(|member| !stranded.contains(*member)) {
                if !members.contains(member) && !self.model.somebody_wants_gone(member) {
                    return Err(format!("device {device} joined and is no member"));
                }
            }
        }
        Ok(())
    }

    /// Whether a device is out because another one of its member took it out.
    fn is_taken_out(&self, device: usize) -> bool {
        let overview =
            self.circle.and_then(|circle| self.devices[device].overview(self.now, &circle));
        overview.is_some_and(|overview| overview.standing == Standing::DeviceRemoved)
    }

    /// Devices go when their member says so, or when a copy takes their place, and not otherwise.
    fn right_devices(&self, views: &[View], inside: &[&View]) -> Result<(), String> {
        if self.insider.is_some() {
            return Ok(());
        }
        for taken in self.model.taken_out.iter().filter(|taken| taken.sure) {
            let by = inside.iter().find(|view| view.device == taken.by);
            if by.is_some_and(|by| by.devices.contains(&taken.device)) {
                return Err(format!("a device that device {} took out is in", taken.by));
            }
        }
        for View { device, overview, .. } in views {
            let ids = &self.devices[*device].ids;
            let taken_out = self.model.taken_out.iter().any(|taken| ids.contains(&taken.device));
            let fault = match overview.standing {
                Standing::DeviceRemoved => !taken_out,
                Standing::Replaced => !self.devices[*device].is_old(),
                _ => false,
            };
            if fault {
                return Err(format!("device {device} is {:?} by nobody", overview.standing));
            }
        }
        Ok(())
    }

    fn items(&self, inside: &[&View]) -> Result<(), String> {
        let in_head = inside.iter().flat_map(|view| &view.overview.members);
        let in_head: BTreeSet<MemberId> = in_head.map(|member| member.id).collect();
        let honest: BTreeSet<&String> = self.model.said.values().map(|said| &said.text).collect();
        for view in inside {
            let mut texts: Vec<&String> =
                view.texts.iter().filter(|text| honest.contains(text)).collect();
            texts.sort_unstable();
            if let Some(twice) = texts.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(format!("device {} shows {:?} twice", view.device, twice[0]));
            }
        }
        for (id, said) in &self.model.said {
            let ids = self.model.ids_of(id);
            let acts = self.model.taken_back_by(id);
            let (have, mut lack): (Vec<&View>, Vec<&View>) = inside
                .iter()
                .filter(|view| said.is_for(&view.overview.me, &self.devices[view.device]))
                .partition(|view| view.has(&ids, said));
            // What was taken back nobody hands on: whoever had it not lacks its place and no words.
            lack.retain(|view| !acts.iter().any(|act| view.places.contains_key(*act)));
            // Nor can whoever was put back to before it had the key by which it said something take that
            // for its own: nothing that it holds says whose key it was.
            lack.retain(|view| !(said.key_lost && view.device == said.by));
            let numbers = |views: &[&View]| views.iter().map(|v| v.device).collect::<Vec<_>>();
            let kept = inside.iter().any(|view| said.is_by(view)) && !said.forgotten;
            // What its author took back before it left is owed to nobody.
            let unsaid = said.left.is_none() && !acts.is_empty();
            // Nobody hands on what is too old, either.
            let too_old = self.model.may_be_too_old(said, self.now);
            let excused = said.came_too_late(&in_head) || said.clashes || unsaid || too_old;
            if !lack.is_empty() && (kept || !have.is_empty()) && !excused {
                return Err(format!(
                    "{:?} is shown to {:?} and not to {:?}",
                    said.text,
                    numbers(&have),
                    numbers(&lack)
                ));
            }
            for view in inside.iter().filter(|view| view.texts.contains(&said.text)) {
                if view.device != said.by && !self.model.may_read(&view.overview.me, said) {
                    return Err(format!("device {} may not read {:?}", view.device, said.text));
                }
            }
        }
        Ok(())
    }
}

impl Sim {
    /// What was taken back is shown by nobody who knows of it, and those who know the same acts about
    /// something show the same of it.
    fn acts(&self, inside: &[&View]) -> Result<(), String> {
        for view in inside {
            if !self.passes_reported_by(view.device) {
                return Err(format!("device {} reads a report about itself", view.device));
            }
            for (act, to) in &self.model.taken_back {
                let known = view.places.contains_key(act);
                let other = self.model.edited.iter().filter(|(_, of)| *of == to).map(|(id, _)| id);
                let mut words = other.chain([to]).filter_map(|id| self.model.said(id));
                if let Some(said) =
                    words.find(|said| known && !said.clashes && view.texts.contains(&said.text))
                {
                    return Err(format!("device {} shows {:?}", view.device, said.text));
                }
            }
        }
        // An insider, and whoever was put back or copied, knows states that others do not.
        let whole = inside.iter().filter(|view| !self.devices[view.device].is_old());
        let whole: Vec<&&View> = whole.filter(|view| view.device < self.plan.members).collect();
        let Some((first, others)) = whole.split_first().filter(|_| self.insider.is_none()) else {
            return Ok(());
        };
        for view in others {
            for (id, marks) in &first.places {
                let Some(other) = view.places.get(id) else { continue };
                // Whether advice is held back rests on its share, too: one that was taken back before
                // it left is known to its author alone.
                let knows_same = first.roots.get(id).is_none_or(|root| {
                    let known = |view: &View| view.places.contains_key(root);
                    known(first) == known(view) && first.acts.get(root) == view.acts.get(root)
                });
                let same_acts = first.acts.get(id) == view.acts.get(id) && knows_same;
                if same_acts && !is_same(marks, other) {
                    return Err(format!(
                        "devices {} and {} show {marks:?} and {other:?}",
                        first.device, view.device
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Whether two devices show the same of something. Mutes and slow mode rest on acts about no item,
/// and on the reader's clock; what is too old, on when a device learnt how long words are kept.
fn is_same(one: &Marks, other: &Marks) -> bool {
    if one.expired || other.expired {
        return true;
    }
    let plain = |marks: &Marks| Marks { muted: None, shown_from: None, ..marks.clone() };
    plain(one) == plain(other)
}

impl View {
    /// Whether it has something that was said: its words, or its place.
    pub(super) fn has(&self, ids: &BTreeSet<ItemId>, said: &Said) -> bool {
        ids.iter().any(|id| self.places.contains_key(id)) || self.texts.contains(&said.text)
    }
}

/// Those who stand on the head that most stand on.
fn most_together<'v>(views: &[&'v View]) -> Vec<&'v View> {
    let mut stands: BTreeMap<_, Vec<&View>> = BTreeMap::new();
    for view in views {
        stands.entry(view.overview.head).or_default().push(view);
    }
    stands.into_values().max_by_key(Vec::len).unwrap_or_default()
}

/// The members of the head that most stand on.
fn members_of_most(views: &[&View]) -> BTreeSet<MemberId> {
    most_together(views)
        .iter()
        .flat_map(|view| &view.overview.members)
        .map(|member| member.id)
        .collect()
}

fn is_inside(view: &View) -> bool {
    matches!(view.overview.standing, Standing::Active | Standing::Leaving)
}

/// Whether all have the same head. On one side of a split only those count who are members in the
/// head that most have.
fn one_head(views: &[&View], side: bool) -> Result<(), String> {
    let Some(first) = views.first() else {
        return Ok(());
    };
    let of_first: BTreeSet<MemberId> =
        first.overview.members.iter().map(|member| member.id).collect();
    for view in views {
        if side && !of_first.contains(&view.overview.me) {
            continue;
        }
        if side && view.overview.members.iter().all(|m| m.id != first.overview.me) {
            continue;
        }
        if view.overview.head != first.overview.head {
            return Err(format!(
                "device {} is at epoch {}, device {} at epoch {}",
                first.device, first.overview.epoch, view.device, view.overview.epoch
            ));
        }
        if view.secret != first.secret || view.secret.is_none() {
            return Err(format!("devices {} and {}: other secrets", first.device, view.device));
        }
    }
    Ok(())
}
