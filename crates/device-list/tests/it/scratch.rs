use device_list::*;
use crate::mends::mend;
fn cut(s: &str) -> String { s.split(',').map(|f| if f.len() > 200 { format!("<{}>", f.len()) } else { f.to_owned() }).collect::<Vec<_>>().join(",") }
#[test]
fn scratch() {
    let d = SampleDevices::new(1).next().unwrap();
    let h = d.hash_text();
    let d2 = SampleDevices::new(2).next().unwrap();
    for (channel, b) in [
        (Channel::Enlist, format!("Device Serial Number,Windows Product ID,Hardware Hash,Order ID\n0624102792477,,,{h}")),
        (Channel::PartnerCenter, format!("Device Serial Number,Windows Product ID,Hardware Hash,{},,{}\nDevice Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model", d2.serial, d2.hash_text())),
    ] {
    let options = CheckOptions { channel, ..CheckOptions::default() };
    let l = check(b.as_bytes(), &options);
    eprintln!("{:?}\n{:?}", l.findings, l.rows);
    let o = mend(&b, &options, MendTarget::default());
    eprintln!("{}\n{}\n{:?}", cut(o.list()), cut(&String::from_utf8_lossy(&o.rest)), o.left);
    let l = check(&o.rest, &options);
    eprintln!("REST {:?}\n{:?}", l.findings, l.rows);
    let l = check(&o.list, &options);
    eprintln!("LIST {:?}\n{:?}", l.findings, l.rows);
    }
}
