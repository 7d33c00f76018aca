//! A panel's ways one after the other, on lamps of files as the kernel lists them.

use std::path::Path;

use super::{backlight::Backlight, *};

/// A lamp that is off, of 255 steps.
fn lamp(directory: &Path, name: &str) {
    let lamp = directory.join(name);
    std::fs::create_dir_all(&lamp).unwrap();
    for (file, value) in [("bl_power", "4\n"), ("brightness", "255\n"), ("max_brightness", "255\n")] {
        std::fs::write(lamp.join(file), value).unwrap();
    }
}

fn read(directory: &Path, file: &str) -> String {
    std::fs::read_to_string(directory.join(file)).unwrap().trim().to_owned()
}

fn of_lamps(directory: &Path) -> PanelOptions {
    let panel = PanelChoice::Only(PanelMethod::Backlight);
    PanelOptions { panel, backlight_dir: directory.to_owned() }
}

async fn probed(options: PanelOptions) -> Panel {
    let mut panel = Panel::new(options);
    panel.probe().await;
    panel
}

#[tokio::test]
async fn every_lamp_is_switched_and_dimmed() {
    let directory = tempfile::tempdir().unwrap();
    lamp(directory.path(), "rpi_backlight");
    lamp(directory.path(), "10-0045");
    let mut panel = probed(of_lamps(directory.path())).await;
    assert_eq!(panel.method(), Some(PanelMethod::Backlight));
    assert!(panel.turn(true).await && panel.light(40).await);
    for lamp in ["rpi_backlight", "10-0045"] {
        assert_eq!(read(directory.path(), &format!("{lamp}/bl_power")), "0");
        assert_eq!(read(directory.path(), &format!("{lamp}/brightness")), "102");
    }
    assert!(panel.turn(false).await);
    assert_eq!(read(directory.path(), "10-0045/bl_power"), "4");
}

#[tokio::test]
async fn f08_a_panel_that_fails_to_come_on_is_tried_by_the_next_way() {
    let (gone, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    lamp(gone.path(), "lamp");
    lamp(there.path(), "lamp");
    let mut panel = Panel::new(of_lamps(there.path()));
    for directory in [gone.path(), there.path()] {
        let mut way = Backlight::at(directory);
        way.is_there().await.unwrap();
        panel.found.push(Box::new(way));
    }
    std::fs::remove_dir_all(gone.path().join("lamp")).unwrap();
    assert!(panel.turn(true).await);
    assert_eq!(read(there.path(), "lamp/bl_power"), "0");
    std::fs::remove_dir_all(there.path().join("lamp")).unwrap();
    assert!(!panel.turn(true).await, "unplugged");
    assert!(!gone.path().join("lamp").exists(), "a lamp that is gone is not made");
    lamp(there.path(), "lamp");
    assert!(panel.turn(true).await, "plugged in again");
    assert_eq!(read(there.path(), "lamp/bl_power"), "0");
}

#[tokio::test]
async fn nothing_is_used_where_nothing_is_wanted_or_found() {
    let directory = tempfile::tempdir().unwrap();
    let mut panel = probed(of_lamps(directory.path())).await;
    assert!(
        panel.is_empty() && panel.method().is_none() && !panel.turn(false).await && !panel.light(50).await
    );
    lamp(directory.path(), "lamp");
    let unwanted = PanelOptions { panel: PanelChoice::None, ..of_lamps(directory.path()) };
    assert!(probed(unwanted).await.is_empty());
    panel.probe().await;
    assert!(panel.turn(true).await, "it came later");
}

#[test]
fn a_way_is_chosen_by_its_name() {
    assert_eq!("auto".parse::<PanelChoice>().unwrap(), PanelChoice::Auto);
    assert_eq!("none".parse::<PanelChoice>().unwrap(), PanelChoice::None);
    for method in PanelMethod::ALL {
        assert_eq!(method.as_str().parse::<PanelChoice>().unwrap(), PanelChoice::Only(method));
    }
    assert!("xset; reboot".parse::<PanelChoice>().is_err());
}
