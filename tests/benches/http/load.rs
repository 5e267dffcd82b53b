//! A load generator that costs little beside what it measures: keep-alive connections, one request in flight on each, answers counted by their length.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What a run saw.
pub struct Figures {
    pub requests: usize,
    pub seconds: f64,
    latencies: Vec<Duration>,
}

impl Figures {
    pub fn rate(&self) -> f64 {
        self.requests as f64 / self.seconds
    }

    /// Of all requests, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let index = ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(index).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
    }
}

/// Sends the request over and over on that many connections for that long.
pub async fn run(address: SocketAddr, request: &[u8], connections: usize, time: Duration) -> std::io::Result<Figures> {
    let started = Instant::now();
    let end = started + time;
    let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(connection(address, request.to_vec(), end))).collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.append(&mut task.await.map_err(std::io::Error::other)??);
    }
    latencies.sort_unstable();
    Ok(Figures { requests: latencies.len(), seconds: started.elapsed().as_secs_f64(), latencies })
}

async fn connection(address: SocketAddr, request: Vec<u8>, end: Instant) -> std::io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::new();
    let mut buffer = Vec::with_capacity(256 * 1024);
    while Instant::now() < end {
        let sent = Instant::now();
        stream.write_all(&request).await?;
        answer(&mut stream, &mut buffer).await?;
        latencies.push(sent.elapsed());
    }
    Ok(latencies)
}

/// Reads one answer to its end.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<()> {
    buffer.clear();
    let length = loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(length) = whole(buffer)? {
            break length;
        }
    };
    while buffer.len() < length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

/// Head and body together, once the head is there. Anything but success is an error: refusals are fast.
fn whole(buffer: &[u8]) -> std::io::Result<Option<usize>> {
    let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
    if !text.starts_with("http/1.1 20") {
        return Err(std::io::Error::other(text));
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.map(|length| Some(head + 4 + length)).ok_or_else(|| std::io::Error::other("no content-length"))
}
