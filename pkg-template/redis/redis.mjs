/** The window of a rate limit in Redis or Valkey, which all processes share that give the same key. */

/**
 * One step: a report comes in, and perhaps a request is granted. Redis runs it alone, so no two processes are granted the
 * same request. The clock is that of Redis. It decides as `decide` of ../tabs/decide.mjs does.
 */
export const SCRIPT = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limiter, priority = ARGV[1], ARGV[2]
local under_way, waiting, timeout = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local limit, remaining, reset_at, reset_in = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])

local window, limiters = {}, {}
local fields = redis.call("HGETALL", KEYS[1])
for index = 1, #fields, 2 do
  local id = string.match(fields[index], "^l:(.*)$")
  if not id then
    window[fields[index]] = tonumber(fields[index + 1])
  else
    local seen, sent, waits, ends, asks = string.match(fields[index + 1], "^(%d+) (%d+) (%d+) (%d+) (%d+)$")
    if math.abs(now - tonumber(seen)) > 120000 then
      redis.call("HDEL", KEYS[1], fields[index])
    elseif id == limiter then
      -- Whoever asks may not know yet what it was granted a moment ago.
      if priority ~= "" and now < tonumber(ends) then under_way = math.max(under_way, tonumber(sent)) end
    else
      limiters[id] = { sent = tonumber(sent), waits = tonumber(waits), ends = tonumber(ends), asks = tonumber(asks) }
    end
  end
end
local this = { sent = under_way, waits = waiting, ends = timeout > 0 and now + timeout or now + 120000, asks = math.huge }
limiters[limiter] = this

local all_under_way, all_waiting, count = 0, 0, 0
for _, other in pairs(limiters) do
  count = count + 1
  -- Calls that wait ask again soon, unless their limiter is gone.
  if now < other.asks then all_waiting = all_waiting + other.waits end
  if now < other.ends then all_under_way = all_under_way + other.sent end
end

-- A window that seems to be too long began before the clock was set back.
if now >= (window.ends or 0) or window.ends - now > 65000 then
  window.ends, window.assumed, window.used, window.told = now + 60000, 1, all_under_way, nil
end
if limit >= 0 then window.limit = limit end
if reset_in > 0 then
  -- An answer that comes late is of the window before: if it seems to be older, the last reset was an odd one.
  local is_odd = window.assumed == 1 and (window.reset or 0) - reset_at > 120000
  if reset_at > (window.reset or 0) or is_odd then
    if window.assumed == 0 then window.used = all_under_way end
    window.told, window.ends, window.reset, window.assumed = remaining, now + reset_in, reset_at, 0
  elseif reset_at == window.reset and window.assumed == 0 then
    window.told = math.min(window.told or remaining, remaining)
  end
end

local own = window.limit and window.limit - window.used or math.huge
local left = math.min(own, window.told and window.told - all_under_way or math.huge)
local is_spent = own <= 0 or window.told == 0
this.asks = (is_spent and window.ends or now) + 5000
local granted, wait = 0, 0
if priority ~= "" then
  local yields = priority == "bulk" and left <= all_waiting and (window.passed or 0) < 9
  if left > 0 and not yields then
    granted = 1
    window.passed = priority == "bulk" and 0 or (window.passed or 0) + 1
    window.used = window.used + 1
    this.sent = this.sent + 1
  else
    -- It waits from now on, which no report says.
    if priority == "interactive" then this.waits = this.waits + 1 end
    wait = is_spent and window.ends - now or 250
  end
end

-- First what frees memory: a script that has begun to write may go on where memory is full.
redis.call("HDEL", KEYS[1], "told")
for name, value in pairs(window) do
  redis.call("HSET", KEYS[1], name, string.format("%.0f", value))
end
local entry = string.format("%.0f %.0f %.0f %.0f %.0f", now, this.sent, this.waits, this.ends, this.asks)
redis.call("HSET", KEYS[1], "l:" .. limiter, entry)
redis.call("PEXPIRE", KEYS[1], 120000)
return { granted, wait, count }
`;

/** Nobody waits longer for an answer, in milliseconds. */
const PATIENCE = 2000;

export function redisStore(client, { prefix = "thousandeyes-admin:rate-limit:" } = {}) {
  /** The questions that have no answer yet, the oldest first. */
  const unanswered = new Set();
  return async ({ key, limiter, priority = "", underWay, waiting, timeout, limit = -1, remaining = 0, resetAt = 0, resetIn = 0 }) => {
    // A client that is not connected would keep the question, and ask it when nobody waits any more.
    if (client.isReady === false) throw new Error("Redis is not connected");
    // Nor does one that hangs forget: when it goes on, it would grant requests that nobody wants any more.
    const [oldest] = unanswered;
    if (oldest && performance.now() - oldest.asked > PATIENCE) throw new Error("Redis does not answer");
    const numbers = [underWay, waiting, timeout, limit, remaining, resetAt, resetIn];
    const args = { keys: [prefix + key], arguments: [limiter, priority, ...numbers.map(String)] };
    const question = { asked: performance.now() };
    unanswered.add(question);
    try {
      const [granted, wait, limiters] = await client.eval(SCRIPT, args);
      return { granted: granted === 1, wait, limiters };
    } finally {
      unanswered.delete(question);
    }
  };
}
