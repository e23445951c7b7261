-- Who sends most?
-- Window: 10 seconds of event time.
-- Out: the ten sources with most events in each window and how many times the mean source that is: a noisy neighbour stands out.
SELECT window_start, place, source, events, times_the_mean FROM noisiest_sources
ORDER BY window_start DESC, place LIMIT 200
;
