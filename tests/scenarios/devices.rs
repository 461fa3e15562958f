//! Devices of one member: one person, one vote, one name, however many machines.

/// The rules, as every reader of a commit applies them.
mod rules {
    use windbreak_protocol::Suite;
    use windbreak_protocol::id::{CircleId, DeviceId};
    use windbreak_protocol::identity::{Credential, DeviceKey, MemberKey};
    use windbreak_protocol::invite::AgreementText;
    use windbreak_protocol::ledger::{Change, ChangeError, Ledger, MemberEntry, Settings};
    use windbreak_protocol::secret::Secret;
    use windbreak_protocol::wire::text::Text;

    const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

    fn member(number: u8) -> MemberKey {
        MemberKey::from_secret(&Secret::from_bytes([number; 32]))
    }

    fn device(number: u8) -> DeviceId {
        DeviceKey::from_secret(&Secret::from_bytes([100 + number; 32])).id()
    }

    fn credential(of: u8, number: u8) -> Credential {
        member(of).certify(&CIRCLE, &device(number))
    }

    fn founded() -> Ledger {
        let settings = Settings {
            suite: Suite::X25519,
            title: Text::new("Evening walk").unwrap(),
            welcome: Text::default(),
            agreement: AgreementText::new("We listen.").unwrap(),
            declaration: None,
            relays: Vec::new(),
        };
        let founder = MemberEntry::founder(Text::new("Alder").unwrap(), device(0));
        Ledger::found(settings, member(1).id(), founder)
    }

    fn add(of: u8, number: u8) -> Change {
        Change::AddDevice(credential(of, number))
    }

    fn remove(of: u8, number: u8) -> Change {
        Change::RemoveDevice { member: member(of).id(), device: device(number) }
    }

    fn apply(ledger: &Ledger, by: u8, changes: &[Change]) -> Result<Ledger, ChangeError> {
        ledger.apply(&CIRCLE, &member(by).id(), 1, changes)
    }

    #[test]
    fn a_member_adds_a_device_and_nobody_else_does_it_for_them() {
        let ledger = founded();
        let two = apply(&ledger, 1, &[add(1, 1)]).unwrap();
        assert_eq!(two.member_of(&device(1)), Some(&member(1).id()));
        assert_eq!(two.members().len(), 1);
        assert_eq!(apply(&two, 1, &[add(1, 1)]), Err(ChangeError::AlreadyMember));
        assert_eq!(apply(&two, 1, &[add(2, 2)]), Err(ChangeError::Right));
        assert_eq!(apply(&ledger, 2, &[add(2, 2)]), Err(ChangeError::NotAMember));
    }

    #[test]
    fn a_device_without_the_word_of_its_member_key_is_refused() {
        let ledger = founded();
        let stranger = Credential { member: member(1).id(), ..credential(2, 1) };
        let refused = apply(&ledger, 1, &[Change::AddDevice(stranger)]);
        assert_eq!(refused, Err(ChangeError::Proof));
        let elsewhere = member(1).certify(&CircleId::from_bytes([9; 32]), &device(1));
        let refused = apply(&ledger, 1, &[Change::AddDevice(elsewhere)]);
        assert_eq!(refused, Err(ChangeError::Proof));
    }

    #[test]
    fn a_member_has_at_most_three_devices() {
        let three = apply(&founded(), 1, &[add(1, 1), add(1, 2)]).unwrap();
        assert_eq!(apply(&three, 1, &[add(1, 3)]), Err(ChangeError::Limit));
        let two = apply(&three, 1, &[remove(1, 0)]).unwrap();
        assert!(apply(&two, 1, &[add(1, 3)]).is_ok());
    }

    #[test]
    fn a_member_takes_an_own_device_out_and_nobody_else_does() {
        let two = apply(&founded(), 1, &[add(1, 1)]).unwrap();
        let one = apply(&two, 1, &[remove(1, 0)]).unwrap();
        assert_eq!(one.member_of(&device(0)), None);
        assert_eq!(one.member_of(&device(1)), Some(&member(1).id()));
        assert_eq!(apply(&two, 1, &[remove(1, 7)]), Err(ChangeError::NotADevice));
        assert_eq!(apply(&two, 1, &[remove(2, 1)]), Err(ChangeError::Right));
        assert_eq!(apply(&two, 1, &[remove(1, 1), add(1, 2)]), Err(ChangeError::Mixed));
    }

    #[test]
    fn the_last_device_of_a_member_is_not_taken_out() {
        assert_eq!(apply(&founded(), 1, &[remove(1, 0)]), Err(ChangeError::LastDevice));
    }
}

/// A second device on its way in, as two people's hands would do it.
pub(crate) mod flow {
    use std::time::Duration;

    use windbreak_protocol::id::{CircleId, DeviceId, InviteId};
    use windbreak_protocol::invite::{
        DeviceCode, DeviceNumber, InviteText, InviteTextError, Refusal,
    };
    use windbreak_protocol::{DeviceError, Event, JoinError, JoinStage, NewKnock, Standing};
    use windbreak_tests::{Seed, World};

    const MINUTE: Duration = Duration::from_secs(60);

    /// Device `old` makes a code, device `new` looks at its card and asks. Returns the code's id
    /// and the number that `new` shows.
    fn ask(
        world: &mut World,
        old: usize,
        new: usize,
        circle: &CircleId,
    ) -> (InviteId, DeviceNumber) {
        let now = world.now;
        world.hosts[old].engine.open_device_code(now, circle).unwrap();
        world.hosts[old].obey_all();
        let text = world.hosts[old].engine.device_code_text(now, circle).unwrap();
        ask_by(world, new, text)
    }

    fn ask_by(world: &mut World, new: usize, code: DeviceCode) -> (InviteId, DeviceNumber) {
        let invite = send_request(world, new, code);
        (invite, number(world, new, &invite))
    }

    fn send_request(world: &mut World, new: usize, code: DeviceCode) -> InviteId {
        let invite = world.hosts[new].engine.start_device_join(world.now, code).unwrap();
        world.hosts[new].obey_all();
        world.settle();
        world.hosts[new].engine.ask_as_device(world.now, &invite).unwrap();
        world.hosts[new].obey_all();
        world.settle();
        invite
    }

    fn number(world: &World, new: usize, invite: &InviteId) -> DeviceNumber {
        match world.hosts[new].engine.join(invite).unwrap().stage {
            JoinStage::Requested(number) => number,
            stage => panic!("not asking: {stage:?}"),
        }
    }

    fn confirm(world: &mut World, old: usize, circle: &CircleId, number: DeviceNumber) {
        world.hosts[old].engine.confirm_device(world.now, circle, number).unwrap();
        world.hosts[old].obey_all();
    }

    /// Device `new` comes in as a further device of the member of device `old`.
    pub(crate) fn add_device(world: &mut World, old: usize, new: usize, circle: &CircleId) {
        let (_, number) = ask(world, old, new, circle);
        confirm(world, old, circle, number);
        world.run_for(MINUTE);
        assert_eq!(world.member(new, circle), world.member(old, circle));
        world.accept_agreement(new, circle).unwrap();
    }

    pub(crate) fn device(world: &World, host: usize, circle: &CircleId) -> DeviceId {
        let devices = world.hosts[host].engine.devices(circle).unwrap();
        devices.into_iter().find(|device| device.this).unwrap().id
    }

    fn stage(world: &World, host: usize, invite: &InviteId) -> JoinStage {
        world.hosts[host].engine.join(invite).unwrap().stage
    }

    fn all_read(world: &World, hosts: &[usize], circle: &CircleId, texts: &[&str]) {
        for host in hosts {
            assert_eq!(world.hosts[*host].texts(circle), texts, "device {host}");
        }
    }

    #[test]
    fn two_devices_of_one_member_write_and_read_under_one_name() {
        let mut world = World::new(3, Seed(1));
        let circle = world.circle_of(2).unwrap();
        add_device(&mut world, 1, 2, &circle);

        world.share(2, &circle, "from the laptop").unwrap();
        world.run_for(MINUTE);
        world.share(1, &circle, "from the phone").unwrap();
        world.run_for(MINUTE);
        world.share(0, &circle, "from another").unwrap();
        world.run_for(MINUTE);

        all_read(
            &world,
            &[0, 1, 2],
            &circle,
            &["from the laptop", "from the phone", "from another"],
        );
        let overview = world.hosts[0].engine.circle(world.now, &circle).unwrap();
        assert_eq!(overview.members.len(), 2);
        let devices: usize = overview.members.iter().map(|member| member.devices).sum();
        assert_eq!(devices, 3);
        let own = |event: &&Event| matches!(event, Event::ItemArrived { own: true, .. });
        assert_eq!(world.hosts[1].events.iter().filter(own).count(), 2, "both are one's own");
        let heads: Vec<_> = (0..3)
            .map(|host| world.hosts[host].engine.circle(world.now, &circle).unwrap().head)
            .collect();
        assert!(heads.iter().all(|head| *head == heads[0]));
    }

    #[test]
    fn a_device_that_was_taken_out_reads_nothing_more_and_is_told_why() {
        let mut world = World::new(3, Seed(2));
        let circle = world.circle_of(2).unwrap();
        add_device(&mut world, 1, 2, &circle);
        world.share(2, &circle, "before it was lost").unwrap();
        world.run_for(MINUTE);

        let lost = device(&world, 2, &circle);
        world.hosts[1].engine.remove_device(world.now, &circle, &lost).unwrap();
        world.hosts[1].obey_all();
        world.run_for(MINUTE);
        world.share(0, &circle, "after it was lost").unwrap();
        world.run_for(MINUTE);

        all_read(&world, &[0, 1], &circle, &["before it was lost", "after it was lost"]);
        all_read(&world, &[2], &circle, &["before it was lost"]);
        let standing = world.hosts[2].engine.circle(world.now, &circle).unwrap().standing;
        assert_eq!(standing, Standing::DeviceRemoved);
        assert!(world.hosts[2].events.contains(&Event::DeviceClosed { circle }));
        let overview = world.hosts[0].engine.circle(world.now, &circle).unwrap();
        assert_eq!(overview.members.len(), 2, "the member stays");
    }

    #[test]
    fn what_a_device_said_before_it_was_taken_out_is_carried_to_who_had_let_go_of_the_keys() {
        let mut world = World::new(4, Seed(9));
        let circle = world.circle_of(3).unwrap();
        add_device(&mut world, 1, 3, &circle);
        // Both devices of a member are away for so long that the others let go of where they stood.
        world.set_online(1, false);
        world.set_online(3, false);
        world.share(3, &circle, "from far away").unwrap();
        for _ in 0..17 {
            world.share(0, &circle, "a day").unwrap();
            world.sleep(MINUTE * 60 * 24);
            world.run_for(MINUTE);
        }
        // Back at once, the one is out before it knows that it has to seal that anew.
        world.set_online(3, true);
        world.set_online(1, true);
        world.run_for(Duration::from_secs(1));
        assert!(world.hosts[1].texts(&circle).contains(&"from far away".to_owned()));
        let gone = device(&world, 3, &circle);
        world.hosts[1].engine.remove_device(world.now, &circle, &gone).unwrap();
        world.hosts[1].obey_all();
        world.run_for(MINUTE * 20);

        let standing = world.hosts[3].engine.circle(world.now, &circle).unwrap().standing;
        assert_eq!(standing, Standing::DeviceRemoved);
        for host in [0, 1, 2] {
            let texts = world.hosts[host].texts(&circle);
            assert!(texts.contains(&"from far away".to_owned()), "device {host}: {texts:?}");
        }
    }

    #[test]
    fn of_two_devices_alone_in_a_circle_one_takes_the_other_back() {
        let mut world = World::new(2, Seed(5));
        let circle = world.circle_of(1).unwrap();
        add_device(&mut world, 0, 1, &circle);
        let backup = world.snapshot(1);
        world.share(1, &circle, "before").unwrap();
        world.run_for(MINUTE);
        world.take_back(1, &backup);
        world.run_for(MINUTE * 60);

        assert!(world.hosts[1].events.contains(&Event::CameBack { circle }));
        world.share(1, &circle, "again").unwrap();
        world.run_for(MINUTE);
        all_read(&world, &[0, 1], &circle, &["before", "again"]);
    }

    #[test]
    fn the_first_device_can_be_taken_out_by_the_second() {
        let mut world = World::new(3, Seed(3));
        let circle = world.circle_of(2).unwrap();
        add_device(&mut world, 1, 2, &circle);
        let first = device(&world, 1, &circle);
        world.hosts[2].engine.remove_device(world.now, &circle, &first).unwrap();
        world.hosts[2].obey_all();
        world.run_for(MINUTE);
        world.share(2, &circle, "still here").unwrap();
        world.run_for(MINUTE);
        all_read(&world, &[0, 2], &circle, &["still here"]);
        all_read(&world, &[1], &circle, &[]);
        let refused = world.hosts[2].engine.open_device_code(world.now, &circle);
        assert_eq!(refused, Err(DeviceError::NotFirst));
    }

    #[test]
    fn a_restart_of_both_devices_at_every_step_loses_nothing() {
        let mut world = World::new(3, Seed(4));
        let circle = world.circle_of(2).unwrap();
        let restart = |world: &mut World| {
            world.restart(1);
            world.restart(2);
        };
        let now = world.now;
        world.hosts[1].engine.open_device_code(now, &circle).unwrap();
        world.hosts[1].obey_all();
        restart(&mut world);
        let text = world.hosts[1].engine.device_code_text(now, &circle).unwrap();
        let invite = world.hosts[2].engine.start_device_join(now, text).unwrap();
        world.hosts[2].obey_all();
        restart(&mut world);
        world.settle();
        restart(&mut world);
        world.hosts[2].engine.ask_as_device(world.now, &invite).unwrap();
        world.hosts[2].obey_all();
        restart(&mut world);
        world.settle();
        restart(&mut world);
        let number = number(&world, 2, &invite);
        confirm(&mut world, 1, &circle, number);
        restart(&mut world);
        world.run_for(MINUTE);
        restart(&mut world);
        world.run_for(2 * MINUTE);
        world.accept_agreement(2, &circle).unwrap();
        world.share(2, &circle, "all the same").unwrap();
        world.run_for(MINUTE);
        all_read(&world, &[0, 1, 2], &circle, &["all the same"]);
    }

    #[test]
    fn a_further_device_says_nothing_before_the_agreement_is_accepted_on_it() {
        let mut world = World::new(3, Seed(13));
        let circle = world.circle_of(2).unwrap();
        let (_, number) = ask(&mut world, 1, 2, &circle);
        confirm(&mut world, 1, &circle, number);
        world.run_for(MINUTE);
        assert_eq!(world.hosts[1].engine.has_accepted(&circle), Some(true));
        assert_eq!(world.hosts[2].engine.has_accepted(&circle), Some(false));
        assert!(world.share(2, &circle, "too early").is_err());
        world.restart(2);
        assert_eq!(world.hosts[2].engine.has_accepted(&circle), Some(false));
        world.accept_agreement(2, &circle).unwrap();
        world.share(2, &circle, "now").unwrap();
        world.run_for(MINUTE);
        all_read(&world, &[0, 1, 2], &circle, &["now"]);
    }

    #[test]
    fn a_device_code_lets_one_device_in() {
        let mut world = World::new(4, Seed(5));
        let circle = world.circle_of(2).unwrap();
        world.hosts[1].engine.open_device_code(world.now, &circle).unwrap();
        world.hosts[1].obey_all();
        let code = |world: &World| world.hosts[1].engine.device_code_text(world.now, &circle);
        let (first, second) = (code(&world).unwrap(), code(&world).unwrap());
        let (_, number) = ask_by(&mut world, 2, first);
        confirm(&mut world, 1, &circle, number);
        let late = send_request(&mut world, 3, second);
        world.run_for(MINUTE);
        assert_eq!(stage(&world, 3, &late), JoinStage::Refused(Refusal::Used));
        assert!(code(&world).is_none(), "its text is shown no more");
        assert_eq!(world.hosts[1].engine.devices(&circle).unwrap().len(), 2);
    }

    #[test]
    fn of_two_devices_that_ask_the_one_whose_number_was_read_comes_in() {
        let mut world = World::new(4, Seed(6));
        let circle = world.circle_of(2).unwrap();
        world.hosts[1].engine.open_device_code(world.now, &circle).unwrap();
        world.hosts[1].obey_all();
        let code = |world: &World| world.hosts[1].engine.device_code_text(world.now, &circle);
        let (thiefs, own) = (code(&world).unwrap(), code(&world).unwrap());
        let (stolen, _) = ask_by(&mut world, 3, thiefs);
        let (_, number) = ask_by(&mut world, 2, own);
        let asking = world.hosts[1].engine.device_code(&circle).unwrap().asking;
        assert_eq!(asking.len(), 2);
        let wrong = DeviceNumber::parse("000000").unwrap();
        assert_ne!(wrong, number);
        let refused = world.hosts[1].engine.confirm_device(world.now, &circle, wrong);
        assert_eq!(refused, Err(DeviceError::UnknownNumber));
        confirm(&mut world, 1, &circle, number);
        world.run_for(MINUTE);
        assert_eq!(world.member(2, &circle), world.member(1, &circle));
        assert!(matches!(stage(&world, 3, &stolen), JoinStage::Requested(_)));
        assert!(world.hosts[3].engine.circle(world.now, &circle).is_none());
    }

    #[test]
    fn a_device_code_ends_after_an_hour() {
        let mut world = World::new(3, Seed(7));
        let circle = world.circle_of(2).unwrap();
        world.hosts[1].engine.open_device_code(world.now, &circle).unwrap();
        world.hosts[1].obey_all();
        let text = world.hosts[1].engine.device_code_text(world.now, &circle).unwrap();
        let invite = world.hosts[2].engine.start_device_join(world.now, text).unwrap();
        world.hosts[2].obey_all();
        world.settle();
        world.sleep(Duration::from_secs(3601));
        let refused = world.hosts[2].engine.ask_as_device(world.now, &invite);
        assert_eq!(refused, Err(JoinError::Expired));
        assert!(world.hosts[1].engine.device_code_text(world.now, &circle).is_none());
    }

    #[test]
    fn an_invite_is_no_device_code_and_a_device_code_no_invite() {
        let mut world = World::new(2, Seed(8));
        let circle = world.create_circle(0).unwrap();
        let (_, invite) = world.invite(0, &circle, 1, false).unwrap();
        world.hosts[0].engine.open_device_code(world.now, &circle).unwrap();
        world.hosts[0].obey_all();
        let code = world.hosts[0].engine.device_code_text(world.now, &circle).unwrap();
        assert_eq!(DeviceCode::parse(&code.to_qr_text()).unwrap(), code);
        assert_eq!(InviteText::parse(&code.to_code()), Err(InviteTextError::ForDevice));
        assert_eq!(DeviceCode::parse(&invite.to_code()), Err(InviteTextError::ForPerson));

        world.settle();
        let by_invite = world.hosts[1].engine.start_join(world.now, invite).unwrap();
        let by_code = world.hosts[1].engine.start_device_join(world.now, code).unwrap();
        world.hosts[1].obey_all();
        world.settle();
        let asked = world.hosts[1].engine.ask_as_device(world.now, &by_invite);
        assert_eq!(asked, Err(JoinError::ForPerson));
        let join = world.hosts[1].engine.join(&by_code).unwrap();
        let knock = NewKnock {
            name: "member 1".into(),
            note: String::new(),
            agreement: join.agreement.unwrap(),
            patience: MINUTE,
        };
        let knocked = world.hosts[1].engine.knock(world.now, &by_code, knock);
        assert_eq!(knocked, Err(JoinError::ForDevice));
        assert_eq!(join.card.unwrap().welcome.as_str(), "member 0", "it names whose device");
    }

    #[test]
    fn a_fourth_device_is_refused_before_anything_is_sent() {
        let mut world = World::new(4, Seed(9));
        let circle = world.create_circle(0).unwrap();
        add_device(&mut world, 0, 1, &circle);
        add_device(&mut world, 0, 2, &circle);
        let refused = world.hosts[0].engine.open_device_code(world.now, &circle);
        assert_eq!(refused, Err(DeviceError::TooMany));
        let itself = device(&world, 0, &circle);
        let refused = world.hosts[0].engine.remove_device(world.now, &circle, &itself);
        assert_eq!(refused, Err(DeviceError::ThisDevice));
    }

    #[test]
    fn a_member_with_three_devices_goes_with_all_of_them() {
        let mut world = World::new(5, Seed(10));
        let circle = world.circle_of(2).unwrap();
        add_device(&mut world, 1, 2, &circle);
        add_device(&mut world, 1, 3, &circle);
        let member = world.member(1, &circle).unwrap();
        world.hosts[0]
            .engine
            .remove_member(world.now, &circle, &member, "As agreed.".into())
            .unwrap();
        world.hosts[0].obey_all();
        world.run_for(MINUTE);
        for host in 1..4 {
            let standing = world.hosts[host].engine.circle(world.now, &circle).unwrap().standing;
            assert_eq!(standing, Standing::Removed, "device {host}");
        }
    }

    #[test]
    fn a_member_leaves_with_all_devices() {
        let mut world = World::new(3, Seed(11));
        let circle = world.circle_of(2).unwrap();
        add_device(&mut world, 1, 2, &circle);
        world.hosts[2].engine.leave(world.now, &circle).unwrap();
        world.hosts[2].obey_all();
        world.settle();
        let standing = |world: &World, host: usize| {
            world.hosts[host].engine.circle(world.now, &circle).unwrap().standing
        };
        world.run_for(MINUTE);
        assert_eq!(standing(&world, 1), Standing::Left);
        assert_eq!(standing(&world, 2), Standing::Left);
        assert_eq!(standing(&world, 0), Standing::Active);
    }

    #[test]
    fn the_only_member_leaves_with_all_devices() {
        let mut world = World::new(2, Seed(12));
        let circle = world.create_circle(0).unwrap();
        add_device(&mut world, 0, 1, &circle);
        world.hosts[0].engine.leave(world.now, &circle).unwrap();
        world.hosts[0].obey_all();
        world.run_for(MINUTE);
        for host in 0..2 {
            let standing = world.hosts[host].engine.circle(world.now, &circle).unwrap().standing;
            assert_eq!(standing, Standing::Left, "device {host}");
        }
    }
}
