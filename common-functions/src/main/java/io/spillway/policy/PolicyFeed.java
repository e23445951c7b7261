package io.spillway.policy;

import java.io.Serializable;

/**
 * The policies that a job follows while it runs.
 *
 * @param job its name: the key of its records
 * @param topic where they come from
 * @param first the one in force at the start, until the topic has been read; of a job that goes on
 *     from a checkpoint it is the one in the checkpoint
 */
public record PolicyFeed(String job, PolicyTopic topic, Policy first) implements Serializable {}
